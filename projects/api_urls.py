from django.urls import path

from projects.api import briefs, business_goals, coach, debriefs, goal_life, goals, projects, tasks

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
    path("goals/", goals.GoalList.as_view(), name="goals"),
    path("goals/check/", coach.GoalCheck.as_view(), name="goal_check"),
    path("goals/<int:pk>/", goals.GoalDetail.as_view(), name="goal"),
    path("goals/<int:pk>/proposal/", goals.GoalProposal.as_view(), name="goal_proposal"),
    path("goals/<int:pk>/agreement/", goals.GoalAgreement.as_view(), name="goal_agreement"),
    path("goals/<int:pk>/start/", goal_life.GoalStart.as_view(), name="goal_start"),
    path("goals/<int:pk>/conclusion/", goal_life.GoalConclusion.as_view(), name="goal_conclusion"),
    path("goals/<int:pk>/conclusions/", goal_life.GoalConclusions.as_view(), name="goal_conclusions"),
    path("goals/<int:pk>/confidence/", goal_life.GoalConfidence.as_view(), name="goal_confidence"),
    path("business-goals/", business_goals.BusinessGoalList.as_view(), name="business_goals"),
    path("business-goals/<int:pk>/", business_goals.BusinessGoalDetail.as_view(), name="business_goal"),
    path("tasks/", tasks.TaskList.as_view(), name="tasks"),
    path("tasks/<int:pk>/", tasks.TaskDetail.as_view(), name="task"),
    path("tasks/<int:pk>/completion/", tasks.TaskCompletion.as_view(), name="task_completion"),
]
