"""The questions themselves, in every language of the portal; their shape: `projects.questionnaire`."""
