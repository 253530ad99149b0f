/* Check-ins in two taps, with a network or without. Without this script the forms work by themselves. */
"use strict";

(() => {
  const page = document.getElementById("pocket");
  if (!page || !("indexedDB" in window)) return;
  const shell = page.dataset.shell === "yes";
  const messages = document.getElementById("messages");
  const word = (name) => page.querySelector(`[data-word="${name}"]`).textContent;
  const today = () => new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Tokyo" }).format(new Date());
  const clock = (moment) => new Intl.DateTimeFormat(document.documentElement.lang, {
    timeZone: "Asia/Tokyo", month: "numeric", day: "numeric", hour: "numeric", minute: "2-digit",
  }).format(new Date(moment));

  const newKey = () => {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  };

  const say = (names, kind = "done") => {
    messages.replaceChildren();
    const notice = document.createElement("div");
    notice.className = `notice ${kind}`;
    for (const name of names) {
      const line = document.createElement("p");
      line.textContent = word(name);
      notice.append(line);
    }
    if (names.includes("signed_out")) {
      const link = document.createElement("a");
      link.href = page.dataset.signIn;
      link.textContent = word("sign_in");
      notice.append(link);
    }
    messages.append(notice);
  };

  /* The list of what waits: its time, what was found and the code of the watch. */
  const show = async () => {
    const list = document.getElementById("waiting");
    const codes = new Map((await Pocket.day()).map((each) => [each.assignment, each]));
    const entries = await Pocket.waiting();
    list.replaceChildren();
    document.getElementById("waiting-part").hidden = !entries.length;
    for (const entry of entries) {
      const line = document.createElement("li");
      const known = codes.get(entry.assignment);
      const what = document.createElement("p");
      what.textContent = [
        known ? `${known.initials} ${known.code}` : "",
        word(`outcome_${entry.outcome}`), clock(entry.observed_at),
      ].filter(Boolean).join(" · ");
      const why = document.createElement("p");
      why.textContent = word(entry.refused || "waiting");
      line.append(what, why);
      if (entry.refused) {
        line.className = "refused";
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

  const marked = (visit, name, kind) => {
    const notice = document.createElement("p");
    notice.className = `notice ${kind}`;
    notice.textContent = word(name);
    visit.querySelector(".result").replaceChildren(notice);
    visit.querySelector("details").open = false;
  };

  const record = async (form, outcome) => {
    const visit = form.closest("[data-assignment]");
    const field = form.elements.note;
    const note = field ? field.value.trim() : "";
    const entry = {
      client_key: newKey(),
      assignment: visit.dataset.assignment,
      outcome,
      observed_at: new Date().toISOString(),
      user: visit.dataset.user,
      agency: visit.dataset.agency,
      noted: Boolean(note) && !shell,
    };
    /* Should the form have to go by itself after all, it is the same check-in. */
    if (form.elements.client_key) form.elements.client_key.value = entry.client_key;
    await Pocket.keep(entry);
    const worker = navigator.serviceWorker && await navigator.serviceWorker.getRegistration();
    const { problem, sent } = await flush(shell ? undefined : { key: entry.client_key, note });
    if (sent.includes(entry.client_key)) {
      if (field) field.value = "";
      marked(visit, "recorded", "done");
      say(["recorded", "undo"]);
      return;
    }
    if (worker && worker.sync) worker.sync.register("check-ins").catch(() => {});
    const left = (await Pocket.waiting()).find((each) => each.client_key === entry.client_key);
    const why = (left && left.refused) || (problem === "offline" ? "waiting" : problem) || "waiting";
    marked(visit, why, left && left.refused ? "error" : "wait");
    say(note ? [why, "note_stays"] : [why], why === "waiting" ? "wait" : "error");
  };

  let busy = false;
  page.addEventListener("submit", async (event) => {
    const form = event.target.closest("form.outcomes");
    if (!form || !event.submitter || form.dataset.deed !== "check_in") return;
    event.preventDefault();
    if (busy) return;
    busy = true;
    try {
      await record(form, event.submitter.value);
    } catch {
      /* No room, or a private window: the service takes it without us, or says that it cannot. */
      if (shell) say(["no_room"], "error");
      else HTMLFormElement.prototype.submit.call(withOutcome(form, event.submitter.value));
    } finally {
      busy = false;
    }
  });

  const withOutcome = (form, outcome) => {
    const field = document.createElement("input");
    field.type = "hidden";
    field.name = "outcome";
    field.value = outcome;
    form.append(field);
    return form;
  };

  /* As little as lets somebody tell today's visits apart at the door, for today. */
  const keepDay = () => Pocket.keepDay(
    Array.from(page.querySelectorAll("#visits [data-assignment]"), ({ dataset }) => ({
      assignment: dataset.assignment, code: dataset.code, initials: dataset.initials,
      times: dataset.times, late: dataset.late, user: dataset.user, agency: dataset.agency,
      date: page.dataset.today,
    })),
  );

  const fillShell = async () => {
    const visits = await Pocket.day();
    if (visits.some((visit) => visit.date !== today())) {
      await Pocket.forgetDay();
      visits.length = 0;
    }
    document.getElementById("nothing-kept").hidden = visits.length > 0;
    const pattern = document.getElementById("visit");
    for (const visit of visits) {
      const line = pattern.content.cloneNode(true);
      const item = line.querySelector("[data-assignment]");
      for (const name of ["assignment", "code", "user", "agency"]) item.dataset[name] = visit[name];
      line.querySelector("[data-slot=initials]").textContent = visit.initials || visit.code;
      line.querySelector("[data-slot=code]").textContent = visit.code;
      line.querySelector("[data-slot=times]").textContent = visit.times;
      line.querySelector("[data-slot=late]").hidden = visit.late !== "yes";
      document.getElementById("visits").append(line);
    }
  };

  const catchUp = async () => {
    const before = (await Pocket.waiting()).filter((entry) => !entry.refused).length;
    if (!before) return show();
    const { problem, sent } = await flush();
    if (sent.length) say(["sent"]);
    if (problem && problem !== "offline") say([problem], "error");
    if (shell && problem !== "offline") location.reload();
  };

  const begin = async () => {
    if (navigator.serviceWorker) {
      navigator.serviceWorker
        .register(page.dataset.worker, { scope: "/pocket/", updateViaCache: "none" })
        .catch(() => {});
    }
    document.querySelectorAll('form[action="/sign-out/"]').forEach((form) => {
      form.addEventListener("submit", () => { Pocket.forgetDay(); });
    });
    if (shell) await fillShell();
    else if (page.dataset.today) await keepDay();
    await show();
    await catchUp();
  };

  document.getElementById("again").addEventListener("click", catchUp);
  window.addEventListener("online", shell ? () => catchUp().then(() => location.reload()) : catchUp);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) catchUp(); });
  begin().catch(() => {});
})();
