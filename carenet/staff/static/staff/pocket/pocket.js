/* Check-ins and answers to alerts in two taps, with a network or without. Without this script the forms work by themselves. */
"use strict";

(() => {
  const page = document.getElementById("pocket");
  if (!page || !("indexedDB" in window)) return;
  const DAY = 24 * 60 * 60 * 1000;
  const shell = page.dataset.shell === "yes";
  const messages = document.getElementById("messages");
  const word = (name) => page.querySelector(`[data-word="${name}"]`).textContent;
  const today = () => new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Tokyo" }).format(new Date());
  const clock = (moment) =>
    new Intl.DateTimeFormat(document.documentElement.lang, {
      timeZone: "Asia/Tokyo",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "2-digit",
    }).format(new Date(moment));

  const newKey = () => {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  };

  const say = (lines, kind = "done", signIn = false) => {
    messages.replaceChildren();
    const notice = document.createElement("div");
    notice.className = `notice ${kind}`;
    for (const text of lines) {
      const line = document.createElement("p");
      line.textContent = text;
      notice.append(line);
    }
    if (signIn) notice.append(linkTo(page.dataset.signIn, "sign_in"));
    messages.append(notice);
  };

  const linkTo = (address, name) => {
    const link = document.createElement("a");
    link.href = address;
    link.textContent = word(name);
    return link;
  };

  /* Why it was not taken, with what somebody else has done meanwhile. */
  const reasonOf = ({ refused, became }) =>
    [
      word(refused || "waiting"),
      became?.outcome ? word(`outcome_${became.outcome}`) : "",
      became?.at ? `(${clock(became.at)})` : "",
    ]
      .filter(Boolean)
      .join(" ");

  /* The list of what waits: its time, what was done or found and the code of the watch. */
  const show = async () => {
    const list = document.getElementById("waiting");
    const known = new Map();
    for (const each of await Pocket.day()) known.set(each.assignment, each);
    for (const each of await Pocket.alerts()) known.set(each.alert, each);
    const entries = await Pocket.waiting();
    list.replaceChildren();
    document.getElementById("waiting-part").hidden = !entries.length;
    for (const entry of entries) {
      const line = document.createElement("li");
      const about = known.get(entry.alert || entry.assignment);
      const what = document.createElement("p");
      what.textContent = [
        about ? `${about.initials} ${about.code}` : "",
        word(entry.outcome ? `outcome_${entry.outcome}` : "taken_on"),
        clock(entry.observed_at),
      ]
        .filter(Boolean)
        .join(" · ");
      const why = document.createElement("p");
      const days = Math.floor((Date.now() - Date.parse(entry.observed_at)) / DAY);
      why.textContent = [reasonOf(entry), days > 0 && !entry.refused ? word("since").replace("#", days) : ""].join(" ");
      line.append(what, why);
      if (entry.refused) {
        line.className = "refused";
        if (entry.alert) line.append(linkTo(`${page.dataset.alerts}${entry.alert}/`, "see_alert"));
        const remove = document.createElement("button");
        remove.className = "second";
        remove.textContent = word("remove");
        remove.addEventListener("click", async () => {
          await Pocket.drop(entry.client_key);
          await show();
        });
        line.append(remove);
      }
      list.append(line);
    }
  };

  const flush = async (fresh) => {
    const { problem, sent } = await Pocket.flush(fresh);
    if (problem === "signed_out") await Pocket.forgetDay();
    await show();
    return { problem, sent };
  };

  const marked = (place, text, kind) => {
    const notice = document.createElement("p");
    notice.className = `notice ${kind}`;
    notice.textContent = text;
    place.querySelector(".result").replaceChildren(notice);
    const details = place.querySelector("details");
    if (details) details.open = false;
  };

  /* What is done is seen as done: nothing says "late" any more, and the button offers a second record. */
  const counted = (place) => {
    place.classList.remove("overdue");
    place.classList.add("counted-now");
    for (const each of place.querySelectorAll(".when .late, :scope > .notice.wait")) each.remove();
    const summary = place.querySelector("details > summary.button:not(.danger)");
    if (!summary) return;
    summary.classList.add("second");
    summary.firstChild.textContent = word("once_more");
  };

  /* What a form records; `place` says about whom, and which state of an alert was seen. */
  const entryOf = (form, value, place) => {
    const { deed } = form.dataset;
    const { assignment, alert, version, level, joined, user, agency } = place.dataset;
    const about =
      deed === "check_in"
        ? { assignment }
        : { deed, alert, version: Number(version), level: Number(level), joined: Number(joined) };
    const found = deed === "acknowledge" ? {} : { outcome: value };
    return { client_key: newKey(), ...about, ...found, observed_at: new Date().toISOString(), user, agency };
  };

  const record = async (form, value) => {
    const place = form.closest("[data-user]");
    const field = form.elements.note;
    const note = field ? field.value.trim() : "";
    const entry = { ...entryOf(form, value, place), noted: Boolean(note) && !shell };
    /* Should the form have to go by itself after all, it is the same check-in. */
    if (form.elements.client_key) form.elements.client_key.value = entry.client_key;
    await Pocket.keep(entry);
    const worker = navigator.serviceWorker && (await navigator.serviceWorker.getRegistration());
    const { problem, sent } = await flush(shell ? undefined : { key: entry.client_key, note });
    if (sent.includes(entry.client_key)) {
      if (place.dataset.after) {
        location.assign(place.dataset.after);
        return;
      }
      if (field) field.value = "";
      marked(place, word("recorded"), "done");
      if (!entry.alert) counted(place);
      say(entry.alert ? [word("recorded")] : [word("recorded"), word("undo")]);
      return;
    }
    /* What a browser was not asked to keep, it may throw away: after a week without use, or for want of room. */
    navigator.storage?.persist?.().catch(() => {});
    if (worker?.sync) worker.sync.register("check-ins").catch(() => {});
    const left = (await Pocket.waiting()).find((each) => each.client_key === entry.client_key);
    const refused = Boolean(left?.refused);
    const why = !refused && problem && problem !== "offline" ? word(problem) : reasonOf(left || entry);
    const waits = !refused && (!problem || problem === "offline");
    marked(place, why, refused ? "error" : "wait");
    say(note ? [why, word("note_stays")] : [why], waits ? "wait" : "error", problem === "signed_out");
  };

  let busy = false;
  page.addEventListener("submit", async (event) => {
    const form = event.target.closest("form.outcomes");
    if (!form || !event.submitter) return;
    event.preventDefault();
    if (busy) return;
    busy = true;
    try {
      await record(form, event.submitter.value);
    } catch {
      /* No room, or a private window: the service takes it without us; without a network nobody does. */
      if (shell || !(await Pocket.isThere())) {
        marked(form.closest("[data-user]"), word("no_room"), "error");
        say([word("no_room")], "error");
      } else HTMLFormElement.prototype.submit.call(withAnswer(form, event.submitter));
    } finally {
      busy = false;
    }
  });

  const withAnswer = (form, { name, value }) => {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    form.append(field);
    return form;
  };

  /* As little as lets somebody tell today's visits and alerts apart at the door, for today. */
  const VISIT = ["assignment", "code", "initials", "times", "late", "closes", "user", "agency"];
  const ALERT = ["alert", "version", "level", "joined", "deeds", "kind", "code", "initials", "user", "agency"];
  const told = (places, names) =>
    Array.from(document.querySelectorAll(places), ({ dataset }, place) => ({
      ...Object.fromEntries(names.map((name) => [name, dataset[name]])),
      date: today(),
      place,
    }));
  const keepShown = async () => {
    if (page.dataset.today) await Pocket.keepDay(told("#visits [data-assignment]", VISIT));
    if (document.getElementById("alerts")) await Pocket.keepAlerts(told("#alerts [data-alert]", ALERT));
  };

  /* One of what is kept, by the pattern of its kind: what it has not got, or may not, is left out. */
  const fill = (list, pattern, names, kept) => {
    const line = document.getElementById(pattern).content.cloneNode(true);
    const item = line.firstElementChild;
    for (const name of names) item.dataset[name] = kept[name];
    for (const name of ["initials", "code", "times", "kind"]) {
      const slot = line.querySelector(`[data-slot=${name}]`);
      if (slot) slot.textContent = kept[name] || (name === "initials" ? kept.code : "");
    }
    for (const slot of line.querySelectorAll("[data-when]")) {
      const [name, value] = slot.dataset.when.split("=");
      if (!String(kept[name]).split(" ").includes(value)) slot.remove();
    }
    document.getElementById(list).append(line);
  };

  const fillShell = async () => {
    let [visits, alerts] = [await Pocket.day(), await Pocket.alerts()];
    if ([...visits, ...alerts].some((each) => each.date !== today())) {
      await Pocket.forgetDay();
      visits = alerts = [];
    }
    document.getElementById("nothing-kept").hidden = visits.length + alerts.length > 0;
    document.getElementById("alerts-part").hidden = !alerts.length;
    for (const visit of visits) fill("visits", "visit", VISIT, visit);
    for (const alert of alerts) fill("alerts", "alert", ALERT, alert);
  };

  const catchUp = async () => {
    const before = (await Pocket.waiting()).filter((entry) => !entry.refused).length;
    if (!before) return show();
    const { problem, sent } = await flush();
    if (sent.length) say([word("sent")]);
    if (problem && problem !== "offline") say([word(problem)], "error", problem === "signed_out");
    if (shell && problem !== "offline") location.reload();
  };

  const begin = async () => {
    if (navigator.serviceWorker) {
      navigator.serviceWorker
        .register(page.dataset.worker, { scope: "/pocket/", updateViaCache: "none" })
        .catch(() => {});
    }
    document.querySelectorAll('form[action="/sign-out/"]').forEach((form) => {
      form.addEventListener("submit", () => {
        Pocket.forgetDay();
      });
    });
    if (shell) await fillShell();
    else await keepShown();
    await show();
    await catchUp();
  };

  document.getElementById("again").addEventListener("click", catchUp);
  window.addEventListener("online", shell ? () => catchUp().then(() => location.reload()) : catchUp);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) catchUp();
  });
  begin().catch(() => {});
})();
