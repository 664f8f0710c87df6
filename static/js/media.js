// A photo or a document sent while its words are being written: the form then names it by the token that came back.
// The input works without this. Whatever fails, the file stays chosen and the words stay written.

const SENDING = "L’envoi se termine, puis la fiche s’enregistre.";
const CUT = "La connexion est coupée : rien n’est perdu, le fichier et vos mots restent ici. Réessayez quand elle revient.";
const SIGNED_OUT = "Votre session est terminée : reconnectez-vous dans un autre onglet, puis revenez à cette page.";
const NOT_SENT = "Le fichier n’est pas parti : le site ne répond pas. Rien n’est perdu ici.";
const ARRIVED = "Le fichier est arrivé.";

for (const box of document.querySelectorAll("[data-upload]")) bring(box);

function bring(box) {
  const part = (name) => box.querySelector(`[data-upload-${name}]`);
  const input = box.querySelector("input[type=file]");
  const form = input.form;
  const { name } = input;
  const { token, url, csrfmiddlewaretoken } = form.elements;
  const photo = document.getElementById("photo");
  let sending = null;
  let submits = false;

  box.classList.add("upload--alive");
  part("hint").hidden = false;
  if (box.dataset.uploadKept === "document") photo.hidden = true;

  input.addEventListener("change", () => input.files.length && start());
  part("retry").addEventListener("click", async () => {
    await renewToken();
    start();
  });
  url.addEventListener("input", () => {
    if (!token.value && !input.files.length) photo.hidden = url.value.trim() !== "";
  });

  for (const kind of ["dragenter", "dragover"]) {
    box.addEventListener(kind, (event) => {
      event.preventDefault();
      box.classList.add("upload--over");
    });
  }
  box.addEventListener("dragleave", (event) => box.contains(event.relatedTarget) || box.classList.remove("upload--over"));
  box.addEventListener("drop", (event) => {
    event.preventDefault();
    box.classList.remove("upload--over");
    take(event.dataTransfer.files);
  });
  document.addEventListener("paste", (event) => {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    take(event.clipboardData.files);
  });

  form.addEventListener("submit", (event) => {
    if (sending) {
      event.preventDefault();
      submits = true;
      say(SENDING);
    } else if (!navigator.onLine) {
      event.preventDefault();
      say(CUT, "wrong");
      part("state").scrollIntoView({ block: "center" });
    }
  });

  function take(files) {
    if (!files.length) return;
    input.files = files;
    start();
  }

  function start() {
    const [file] = input.files;
    sending?.abort();
    token.value = "";
    photo.hidden = !file.type.startsWith("image/");
    part("file").hidden = false;
    part("name").textContent = ""; // the input says it
    part("retry").hidden = true;
    part("progress").hidden = false;
    part("progress").value = 0;
    draw(file);
    say("Envoi du fichier…");
    send(file);
  }

  function send(file) {
    const data = new FormData();
    data.append("csrfmiddlewaretoken", csrfmiddlewaretoken.value);
    data.append("file", file);
    const request = new XMLHttpRequest();
    sending = request;
    let told = 0;
    request.upload.addEventListener("progress", ({ lengthComputable, loaded, total }) => {
      if (!lengthComputable) return;
      const percent = Math.round((100 * loaded) / total);
      part("progress").value = percent;
      // Heard four times, not a hundred.
      if (percent - told >= 25 && percent < 100) say(`Envoi du fichier : ${(told = percent)} %`);
    });
    request.addEventListener("load", () => answered(request));
    request.addEventListener("error", () => failed(navigator.onLine ? NOT_SENT : CUT));
    request.addEventListener("timeout", () => failed(CUT));
    request.open("POST", box.dataset.upload);
    request.setRequestHeader("Accept", "application/json");
    request.timeout = 120_000;
    request.send(data);
  }

  function answered(request) {
    let answer = {};
    try {
      answer = JSON.parse(request.responseText);
    } catch {
      // a page, and not our answer
    }
    const elsewhere = request.status === 403 || new URL(request.responseURL).pathname !== box.dataset.upload;
    if (answer.token) arrived(answer);
    else if (answer.error) refused(answer.error);
    else failed(elsewhere ? SIGNED_OUT : NOT_SENT);
  }

  function arrived(answer) {
    sending = null;
    token.value = answer.token;
    input.removeAttribute("name"); // it need not go again with the form
    input.removeAttribute("aria-invalid");
    part("progress").hidden = true;
    photo.hidden = !answer.photo;
    say(ARRIVED, "done");
    if (submits) form.querySelector("[type=submit]").click(); // requestSubmit is not in iOS 15
  }

  function refused(words) {
    stop();
    input.value = "";
    input.setAttribute("aria-invalid", "true");
    part("file").hidden = true;
    part("preview").hidden = true;
    photo.hidden = false;
    say(words, "wrong");
  }

  function failed(words) {
    stop();
    part("retry").hidden = false;
    say(words, "wrong");
  }

  // A new session has another one: that of the page it now gives.
  async function renewToken() {
    const answer = await fetch(location.href).catch(() => null);
    const page = answer && new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page?.querySelector("main form[enctype] [name=csrfmiddlewaretoken]");
    if (fresh) csrfmiddlewaretoken.value = fresh.value;
  }

  function stop() {
    sending = null;
    submits = false;
    input.name = name;
    part("progress").hidden = true;
  }

  // Drawn small: the policy of the site lets no page show an image of the visitor's own disk by its address.
  async function draw(file) {
    const canvas = part("preview");
    canvas.hidden = true;
    if (!file.type.startsWith("image/")) return;
    const image = await createImageBitmap(file, { resizeWidth: 224 }).catch(() => null);
    if (!image || input.files[0] !== file) return;
    canvas.width = image.width;
    canvas.height = image.height;
    canvas.getContext("2d").drawImage(image, 0, 0);
    canvas.hidden = false;
  }

  function say(words, how = "") {
    part("state").textContent = words;
    part("state").className = `upload__state${how && ` upload__state--${how}`}`;
  }
}
