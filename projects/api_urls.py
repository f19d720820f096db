from django.urls import path

from projects.api import briefs, coach, debriefs, delegations, files, goals, projects, tasks, templates

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
    path("projects/<int:pk>/brief/answers/<str:key>/files/", files.AnswerFiles.as_view(), name="answer_files"),
    path("projects/<int:pk>/brief/files/<int:file>/", files.AnswerFileDetail.as_view(), name="answer_file"),
    path("projects/<int:pk>/brief/delegations/", delegations.DelegationList.as_view(), name="delegations"),
    path(
        "projects/<int:pk>/brief/delegations/<int:delegation>/",
        delegations.DelegationDetail.as_view(),
        name="delegation",
    ),
    path("brief-templates/", templates.BriefTemplateList.as_view(), name="templates"),
    path("brief-templates/shipped/", templates.ShippedForms.as_view(), name="shipped_templates"),
    path("brief-templates/<int:pk>/", templates.BriefTemplateDetail.as_view(), name="template"),
    path(
        "brief-templates/<int:pk>/restoration/",
        templates.BriefTemplateRestoration.as_view(),
        name="template_restoration",
    ),
    path("projects/<int:pk>/debrief/", debriefs.DebriefDetail.as_view(), name="debrief"),
    path("projects/<int:pk>/debrief/sharing/", debriefs.DebriefSharing.as_view(), name="debrief_sharing"),
    path("projects/<int:pk>/debrief/remarks/", debriefs.DebriefRemarks.as_view(), name="debrief_remarks"),
    path(
        "projects/<int:pk>/debrief/confirmation/", debriefs.DebriefConfirmation.as_view(), name="debrief_confirmation"
    ),
    path("goals/", goals.GoalList.as_view(), name="goals"),
    path("goals/check/", coach.GoalCheck.as_view(), name="goal_check"),
    path("goals/<int:pk>/", goals.GoalDetail.as_view(), name="goal"),
    path("goals/<int:pk>/proposal/", goals.GoalProposal.as_view(), name="goal_proposal"),
    path("goals/<int:pk>/agreement/", goals.GoalAgreement.as_view(), name="goal_agreement"),
    path("tasks/", tasks.TaskList.as_view(), name="tasks"),
    path("tasks/<int:pk>/", tasks.TaskDetail.as_view(), name="task"),
    path("tasks/<int:pk>/completion/", tasks.TaskCompletion.as_view(), name="task_completion"),
]
