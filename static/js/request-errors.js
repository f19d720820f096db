// When htmx gets no answer or a refusal, a sentence says so; the sentences are on <body> in the reader's language.
const sentenceFor = (status) => {
  const says = document.body.dataset;
  if (!status) return says.saysOffline;
  return status === 401 || status === 403 || status === 404 ? says.saysRefused : says.saysFailed;
};

function say(sentence) {
  const notice = document.createElement("div");
  const words = document.createElement("p");
  notice.className = "notice notice-error";
  words.textContent = sentence;
  notice.append(words);
  document.getElementById("messages")?.replaceChildren(notice);
  notice.scrollIntoView({ block: "nearest" });
}

export function start(root) {
  root.addEventListener("htmx:responseError", (event) => say(sentenceFor(event.detail.xhr.status)));
  root.addEventListener("htmx:sendError", () => say(sentenceFor(0)));
  root.addEventListener("htmx:timeout", () => say(sentenceFor(0)));
}
