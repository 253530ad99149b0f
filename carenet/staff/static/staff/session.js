/* A session that ends, or a network that is away, takes nothing that was typed: signing in again happens over the
   page, and what was not sent stays where it is. Without a script the forms post by themselves. */
"use strict";

(() => {
  const page = document.body.dataset;
  if (!page.account) return;
  const dialog = document.getElementById("over");
  const place = document.getElementById("over-page");
  const idle = document.getElementById("idle");
  const BY_ITSELF = { "X-By-Itself": "1" };
  const MOST_AHEAD = 600;

  // What the server says of the session: whose it is, for how long, and a token for its forms.
  const state = async (headers = BY_ITSELF) => (await fetch(page.session, { headers, cache: "no-store" })).json();

  const tell = (words) => {
    const messages = document.getElementById("messages");
    if (!messages) return; // the page has been emptied: nobody is left to be told
    const said = document.createElement("p");
    said.className = "notice error";
    said.setAttribute("role", "alert");
    said.textContent = words;
    messages.replaceChildren(said);
    said.scrollIntoView({ block: "center" });
  };

  // Somebody else sits here now: nothing of the page stays.
  const empty = () => {
    document.getElementById("main").replaceChildren();
    location.replace(page.home);
  };

  const renew = (now) => {
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": now.csrf }));
    for (const field of document.querySelectorAll('[name="csrfmiddlewaretoken"]')) field.value = now.csrf;
  };

  // Take the page on for whoever is signed in now; false where it is not theirs.
  const takeOn = async (now) => {
    if (now.user !== page.account) {
      empty();
      return false;
    }
    if (page.agency && now.agency !== page.agency) {
      const body = new URLSearchParams({ agency: page.agency, csrfmiddlewaretoken: now.csrf });
      await fetch(page.choice, { method: "POST", body });
    }
    renew(now);
    return true;
  };

  // Signing in over the page ---------------------------------------------------------------------

  let over = null;
  const finish = (well) => {
    const { resolve } = over;
    over = null;
    place.replaceChildren();
    dialog.close();
    resolve(well);
  };

  const show = async (answer) => {
    const read = new DOMParser().parseFromString(await answer.text(), "text/html");
    const form = read.querySelector('#main form[method="post"]');
    const said = [...(read.querySelector("#messages")?.childNodes ?? [])];
    place.dataset.at = answer.url;
    place.replaceChildren(...said, ...(form ? [form] : []));
    place.querySelector("[autofocus], input:not([type=hidden]), button")?.focus();
  };

  place.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    const form = event.target;
    try {
      const body = new URLSearchParams(new FormData(form, event.submitter));
      const answer = await fetch(form.getAttribute("action") || place.dataset.at, { method: "POST", body });
      const now = await state();
      if (!now.user) await show(now.next ? await fetch(now.next) : answer);
      else if (await takeOn(now)) finish(true);
    } catch {
      place.prepend(page.away);
    }
  });

  const signIn = () => {
    if (over) return over.promise;
    over = {};
    over.promise = new Promise((resolve) => {
      over.resolve = resolve;
    });
    const { promise } = over;
    idle.hidden = true;
    dialog.showModal();
    fetch(page.signIn).then(show, () => place.replaceChildren(page.away));
    return promise;
  };
  dialog.addEventListener("cancel", () => {
    if (over) finish(false);
  });
  document.getElementById("over-close").addEventListener("click", () => finish(false));

  // What the page sends: refused for the session alone, it may be sent again as soon as that is well.
  const mayGoOn = async (headers) => {
    if (headers.get("X-Stale")) {
      try {
        const now = await state();
        if (now.user) return await takeOn(now);
      } catch {
        return false; // the network went meanwhile, or somebody leaves the page
      }
    }
    return signIn();
  };

  // Forms ----------------------------------------------------------------------------------------

  const lead = (address) => {
    const to = new URL(address, location.href);
    if (to.pathname + to.search !== location.pathname + location.search) location.assign(to);
    else if (to.hash) {
      location.hash = to.hash;
      location.reload();
    } else location.replace(to);
  };

  const put = async (form, answer) => {
    const read = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = read.getElementById("main");
    const asksAgain = fresh?.querySelector("form[method=post]:not(#messages form)");
    if (!fresh || (answer.status >= 400 && !asksAgain)) {
      const said = read.getElementById("messages")?.children ?? [];
      if (!said.length) return tell(page.fault);
      document.getElementById("messages").replaceChildren(...said);
      return document.getElementById("messages").scrollIntoView({ block: "center" });
    }
    document.title = read.title;
    document.getElementById("main").replaceWith(fresh);
    window.htmx?.process(fresh);
    const { hash } = new URL(form.getAttribute("action") || "", location.href);
    const first = (hash && fresh.querySelector(hash)) || fresh.querySelector(".wrong, [role=alert]") || fresh;
    first.scrollIntoView();
    (fresh.querySelector("[autofocus]") ?? fresh).focus({ preventScroll: true });
    return document.dispatchEvent(new Event("htmx:afterSettle"));
  };

  const send = async (form, submitter, again = true) => {
    const data = new FormData(form, submitter);
    const body = form.enctype === "multipart/form-data" ? data : new URLSearchParams(data);
    const headers = { "X-Over-Page": "1", Accept: "text/html" };
    let answer;
    try {
      answer = await fetch(form.getAttribute("action") || location.href, { method: "POST", body, headers });
    } catch {
      return tell(page.away);
    }
    const signedOut = answer.redirected && new URL(answer.url).pathname === page.signIn;
    if (signedOut || answer.headers.get("X-Signed-Out") || answer.headers.get("X-Stale")) {
      if (!again || !(await mayGoOn(answer.headers))) return tell(page.unsent);
      return send(form, submitter, false);
    }
    if (answer.status >= 500) return tell(page.fault);
    if (answer.headers.get("X-Go")) return lead(answer.headers.get("X-Go"));
    if (answer.redirected) return lead(answer.url);
    return put(form, answer);
  };

  document.addEventListener("submit", async (event) => {
    const form = event.target;
    const own = form.closest("#main") && !form.matches("[data-deed]") && form.getAttribute("method") === "post";
    if (event.defaultPrevented || !own) return;
    event.preventDefault();
    if (form.dataset.sends) return;
    form.dataset.sends = "yes";
    try {
      await send(form, event.submitter);
    } catch {
      tell(page.away);
    } finally {
      delete form.dataset.sends;
    }
  });

  // What htmx asks for ---------------------------------------------------------------------------

  document.addEventListener("htmx:beforeSwap", async (event) => {
    const { xhr } = event.detail;
    const headers = { get: (name) => xhr.getResponseHeader(name) };
    const halted = headers.get("X-Signed-Out") || headers.get("X-Stale");
    if (!halted && xhr.status < 500) return;
    event.detail.shouldSwap = false;
    if (!halted) tell(page.fault);
    else if (!(await mayGoOn(headers))) tell(page.unsent);
    else if (document.querySelector("form[data-form]")) {
      document.querySelector("form[data-form]").dispatchEvent(new Event("input"));
    } else tell(page.again);
  });
  document.addEventListener("htmx:sendError", () => tell(page.away));

  // The end of a session that nobody uses ---------------------------------------------------------

  const ahead = Math.min(MOST_AHEAD, Number(page.idle) / 2);
  let timer = 0;
  const later = (seconds) => {
    clearTimeout(timer);
    timer = setTimeout(look, Math.max(seconds, 1) * 1000);
  };
  async function look() {
    let now;
    try {
      now = await state();
    } catch {
      return later(60);
    }
    if (!now.user) return signIn();
    if (now.user !== page.account) return empty();
    idle.hidden = now.left > ahead;
    idle.querySelector("time").textContent = new Date(Date.now() + now.left * 1000).toLocaleTimeString(
      document.documentElement.lang,
      { hour: "2-digit", minute: "2-digit" },
    );
    return later(now.left > ahead ? now.left - ahead : Math.min(now.left + 1, 60));
  }
  idle.querySelector("button").addEventListener("click", async () => {
    await state({});
    look();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && !over) look();
  });
  later(Number(page.idle) - ahead);
})();
