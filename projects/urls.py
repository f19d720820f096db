from django.urls import path

from projects.views import briefs, coach, debriefs, goals, projects, tasks

app_name = "projects"
urlpatterns = [
    path("projects/", projects.project_list, name="list"),
    path("projects/new/", projects.new_project, name="new"),
    path("projects/<int:pk>/edit/", projects.edit_project, name="edit"),
    path("projects/<int:pk>/closure/", projects.closure, name="closure"),
    path("projects/<int:pk>/reopening/", projects.reopening, name="reopening"),
    path("projects/<int:pk>/brief/", briefs.brief, name="brief"),
    path("projects/<int:pk>/brief/sections/<str:key>/", briefs.brief_section, name="brief_section"),
    path("projects/<int:pk>/brief/answers/<str:key>/", briefs.brief_answer, name="brief_answer"),
    path("projects/<int:pk>/brief/submission/", briefs.brief_submission, name="brief_submission"),
    path("projects/<int:pk>/brief/extension/", briefs.brief_extension, name="brief_extension"),
    path("projects/<int:pk>/brief/versions/<int:number>/", briefs.brief_version, name="brief_version"),
    path("projects/<int:pk>/brief/versions/<int:number>/difference/", briefs.brief_difference, name="brief_difference"),
    path("projects/<int:pk>/debrief/", debriefs.debrief, name="debrief"),
    path("projects/<int:pk>/debrief/sharing/", debriefs.sharing, name="debrief_sharing"),
    path("projects/<int:pk>/debrief/remarks/<str:key>/", debriefs.remark, name="debrief_remark"),
    path("projects/<int:pk>/debrief/confirmation/", debriefs.confirmation, name="debrief_confirmation"),
    path("projects/<int:pk>/goals/", goals.goals, name="goals"),
    path("projects/<int:pk>/goals/new/", goals.new_goal, name="new_goal"),
    path("projects/<int:pk>/goals/check/", coach.goal_check, name="goal_check"),
    path("goals/<int:pk>/", goals.goal, name="goal"),
    path("goals/<int:pk>/edit/", goals.edit_goal, name="edit_goal"),
    path("goals/<int:pk>/proposal/", goals.proposal, name="goal_proposal"),
    path("goals/<int:pk>/agreement/", goals.agreement, name="goal_agreement"),
    path("goals/<int:pk>/removal/", goals.removal, name="goal_removal"),
    path("projects/<int:pk>/tasks/", tasks.tasks, name="tasks"),
    path("tasks/<int:pk>/edit/", tasks.edit_task, name="edit_task"),
    path("tasks/<int:pk>/completion/", tasks.completion, name="task_completion"),
    path("tasks/<int:pk>/reopening/", tasks.reopening, name="task_reopening"),
]
