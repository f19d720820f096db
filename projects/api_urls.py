from django.urls import path

from projects.api import coach, views

urlpatterns = [
    path("projects/", views.ProjectList.as_view(), name="projects"),
    path("projects/<int:pk>/", views.ProjectDetail.as_view(), name="project"),
    path("projects/<int:pk>/closure/", views.ProjectClosure.as_view(), name="project_closure"),
    path("projects/<int:pk>/brief/", views.BriefDetail.as_view(), name="brief"),
    path("projects/<int:pk>/brief/answers/<str:key>/", views.BriefAnswer.as_view(), name="brief_answer"),
    path("projects/<int:pk>/brief/submission/", views.BriefSubmission.as_view(), name="brief_submission"),
    path("projects/<int:pk>/brief/extension/", views.BriefExtension.as_view(), name="brief_extension"),
    path("projects/<int:pk>/brief/versions/", views.BriefVersionList.as_view(), name="brief_versions"),
    path("projects/<int:pk>/brief/versions/<int:number>/", views.BriefVersionDetail.as_view(), name="brief_version"),
    path(
        "projects/<int:pk>/brief/versions/<int:number>/difference/",
        views.BriefDifference.as_view(),
        name="brief_difference",
    ),
    path("projects/<int:pk>/debrief/", views.DebriefDetail.as_view(), name="debrief"),
    path("projects/<int:pk>/debrief/sharing/", views.DebriefSharing.as_view(), name="debrief_sharing"),
    path("projects/<int:pk>/debrief/remarks/", views.DebriefRemarks.as_view(), name="debrief_remarks"),
    path("projects/<int:pk>/debrief/confirmation/", views.DebriefConfirmation.as_view(), name="debrief_confirmation"),
    path("goals/", views.GoalList.as_view(), name="goals"),
    path("goals/check/", coach.GoalCheck.as_view(), name="goal_check"),
    path("goals/<int:pk>/", views.GoalDetail.as_view(), name="goal"),
    path("goals/<int:pk>/proposal/", views.GoalProposal.as_view(), name="goal_proposal"),
    path("goals/<int:pk>/agreement/", views.GoalAgreement.as_view(), name="goal_agreement"),
    path("tasks/", views.TaskList.as_view(), name="tasks"),
    path("tasks/<int:pk>/", views.TaskDetail.as_view(), name="task"),
    path("tasks/<int:pk>/completion/", views.TaskCompletion.as_view(), name="task_completion"),
]
