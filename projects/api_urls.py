from django.urls import path

from projects.api import briefs, coach, debriefs, goals, knowledge, projects, tasks

urlpatterns = [
    path("projects/", projects.ProjectList.as_view(), name="projects"),
    path("projects/<int:pk>/", projects.ProjectDetail.as_view(), name="project"),
    path("projects/<int:pk>/closure/", projects.ProjectClosure.as_view(), name="project_closure"),
    path("projects/<int:pk>/brief/", briefs.BriefDetail.as_view(), name="brief"),
    path("projects/<int:pk>/brief/answers/<str:key>/", briefs.BriefAnswer.as_view(), name="brief_answer"),
    path("projects/<int:pk>/brief/submission/", briefs.BriefSubmission.as_view(), name="brief_submission"),
    path("projects/<int:pk>/brief/extension/", briefs.BriefExtension.as_view(), name="brief_extension"),
    path("projects/<int:pk>/brief/versions/", briefs.BriefVersionList.as_view(), name="brief_versions"),
    path("projects/<int:pk>/brief/versions/<int:number>/", briefs.BriefVersionDetail.as_view(), name="brief_version"),
    path(
        "projects/<int:pk>/brief/versions/<int:number>/difference/",
        briefs.BriefDifference.as_view(),
        name="brief_difference",
    ),
    path("projects/<int:pk>/debrief/", debriefs.DebriefDetail.as_view(), name="debrief"),
    path("projects/<int:pk>/debrief/sharing/", debriefs.DebriefSharing.as_view(), name="debrief_sharing"),
    path("projects/<int:pk>/debrief/remarks/", debriefs.DebriefRemarks.as_view(), name="debrief_remarks"),
    path(
        "projects/<int:pk>/debrief/confirmation/", debriefs.DebriefConfirmation.as_view(), name="debrief_confirmation"
    ),
    path("projects/<int:pk>/activation/", projects.ProjectActivation.as_view(), name="project_activation"),
    path("competitors/", knowledge.CompetitorList.as_view(), name="competitors"),
    path("competitors/<int:pk>/", knowledge.CompetitorDetail.as_view(), name="competitor"),
    path("contacts/", knowledge.ContactList.as_view(), name="contacts"),
    path("contacts/<int:pk>/", knowledge.ContactDetail.as_view(), name="contact"),
    path("forbidden-topics/", knowledge.ForbiddenTopicList.as_view(), name="forbidden_topics"),
    path("forbidden-topics/<int:pk>/", knowledge.ForbiddenTopicDetail.as_view(), name="forbidden_topic"),
    path("materials/", knowledge.MaterialList.as_view(), name="materials"),
    path("materials/<int:pk>/", knowledge.MaterialDetail.as_view(), name="material"),
    path("materials/<int:pk>/delivery/", knowledge.MaterialDelivery.as_view(), name="material_delivery"),
    path("goals/", goals.GoalList.as_view(), name="goals"),
    path("goals/check/", coach.GoalCheck.as_view(), name="goal_check"),
    path("goals/<int:pk>/", goals.GoalDetail.as_view(), name="goal"),
    path("goals/<int:pk>/proposal/", goals.GoalProposal.as_view(), name="goal_proposal"),
    path("goals/<int:pk>/agreement/", goals.GoalAgreement.as_view(), name="goal_agreement"),
    path("tasks/", tasks.TaskList.as_view(), name="tasks"),
    path("tasks/<int:pk>/", tasks.TaskDetail.as_view(), name="task"),
    path("tasks/<int:pk>/completion/", tasks.TaskCompletion.as_view(), name="task_completion"),
]
