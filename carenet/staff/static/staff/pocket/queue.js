/* What waits on this telephone, and how it is sent: once, whoever sends it, page or service worker.
   A check-in, or an answer to an alert. It holds no name, address, telephone number or note (docs/staff.md). */
"use strict";

// biome-ignore lint/correctness/noUnusedVariables: the scripts of the pages and the worker use it.
const Pocket = (() => {
  const STATE = "/pocket/state/";
  const CHECK_INS = "/api/v1/check-ins/";
  const ALERTS = "/api/v1/alerts/";
  /* Who has taken an alert on so long ago looks at it again: others have been told meanwhile. */
  const TAKEN_ON_FOR = 2 * 60 * 60 * 1000;

  const STORES = { queue: "client_key", day: "assignment", alerts: "alert" };
  const opening = (version) =>
    new Promise((done, failed) => {
      const asked = indexedDB.open("carenet-pocket", version);
      asked.onupgradeneeded = () => {
        for (const [name, keyPath] of Object.entries(STORES)) {
          if (!asked.result.objectStoreNames.contains(name)) asked.result.createObjectStore(name, { keyPath });
        }
      };
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => failed(asked.error);
    });
  /* A later version of the app has been here: what waits is still read and sent, as it was left. */
  const opened = () => opening(2).catch((error) => (error.name === "VersionError" ? opening() : Promise.reject(error)));

  /* One transaction; what `work` asks for is the answer, once it is safe on the disk. */
  const within = async (store, mode, work) => {
    const database = await opened();
    try {
      return await new Promise((done, failed) => {
        const transaction = database.transaction(store, mode);
        const asked = work(transaction.objectStore(store));
        transaction.oncomplete = () => done(asked ? asked.result : undefined);
        transaction.onabort = transaction.onerror = () => failed(transaction.error);
      });
    } finally {
      database.close();
    }
  };

  /* Whoever is kept for the first time comes last; clocks are set back, so it has a number (`turn`). */
  const turnOf = (entry) => entry.turn || 0;
  const put = (entry) =>
    within("queue", "readwrite", (store) => {
      const asked = store.getAll();
      asked.onsuccess = () => {
        const turn = turnOf(entry) || Math.max(0, ...asked.result.map(turnOf)) + 1;
        store.put({ ...entry, turn });
      };
    });
  /* On a full disk the list of the day gives way: what was recorded is known to nobody else. */
  const keep = async (entry) => {
    try {
      await put(entry);
    } catch (error) {
      if (error?.name !== "QuotaExceededError") throw error;
      await forgetDay();
      await put(entry);
    }
  };
  const drop = (key) =>
    within("queue", "readwrite", (store) => {
      store.delete(key);
    });
  /* In the order in which it was recorded: what was taken on comes before what it came to. */
  const waiting = async () =>
    (await within("queue", "readonly", (store) => store.getAll())).sort(
      (one, other) => turnOf(one) - turnOf(other) || one.observed_at.localeCompare(other.observed_at),
    );
  /* In the order of the page: the most urgent first. */
  const allOf = (name) => async () =>
    (await within(name, "readonly", (store) => store.getAll())).sort((one, other) => one.place - other.place);
  const day = allOf("day");
  const alerts = allOf("alerts");
  const keepAll = (name) => (rows) =>
    within(name, "readwrite", (store) => {
      store.clear();
      for (const row of rows) store.put(row);
    });
  const keepDay = keepAll("day");
  const keepAlerts = keepAll("alerts");
  const forgetDay = async () => {
    await keepDay([]);
    await keepAlerts([]);
  };

  /* Who is signed in here now, or why nothing can be sent. */
  const whoIsThere = async () => {
    let answer;
    try {
      answer = await fetch(STATE, { redirect: "manual", cache: "no-store" });
    } catch {
      return { problem: "offline" };
    }
    if (answer.type === "opaqueredirect") return { problem: "signed_out" };
    if (answer.status === 403) return { problem: "not_allowed" };
    return answer.ok ? await answer.json() : { problem: "offline" };
  };

  /* What any request may meet: "" where the service has had its say. */
  const passing = (answer) => {
    if (answer.status === 429) return "offline";
    if (answer.status >= 500 || answer.headers.has("Retry-After")) return "busy";
    if (answer.status === 401 || answer.type === "opaqueredirect") return "signed_out";
    if (answer.status === 403) return "not_allowed";
    return answer.status === 404 ? "out_of_reach" : "";
  };
  /* Nothing else would arrive either; or this one has to wait, and whatever comes after it has not. */
  const GONE = ["offline", "signed_out"];
  const waits = (entry, why) => why === "busy" || (why === "not_allowed" && !entry.alert);

  const ask = (entry, me, address, body, headers = {}) =>
    fetch(address, {
      method: body ? "POST" : "GET",
      redirect: "manual",
      cache: "no-store",
      headers: {
        "Carenet-Agency": entry.agency,
        "X-CSRFToken": me.csrf,
        "Content-Type": "application/json",
        ...headers,
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });

  /* What was recorded this moment with a network comes with its note; all else was kept meanwhile. */
  const isNow = (entry, fresh) => Boolean(fresh && fresh.key === entry.client_key);
  const noteOf = (entry, fresh) => (isNow(entry, fresh) && fresh.note ? { note: fresh.note } : {});

  /* Why the service did not take a check-in; `why` is "" when it has. */
  const checkIn = async (entry, fresh, me) => {
    const answer = await ask(entry, me, CHECK_INS, {
      assignment: entry.assignment,
      outcome: entry.outcome,
      observed_at: entry.observed_at,
      client_key: entry.client_key,
      offline: !isNow(entry, fresh),
      ...noteOf(entry, fresh),
    });
    const why = answer.ok ? "" : passing(answer);
    if (answer.ok || why) return { why };
    const said = await answer.json().catch(() => ({}));
    if (answer.status === 409) {
      if (said.code !== "check_in_differs") return { why: "not_watched" };
      /* The first time it had a note, and arrived although nobody told us. */
      return { why: entry.noted ? "" : "differs" };
    }
    const fields = (said.errors || []).map((each) => each.pointer);
    return { why: fields.includes("/assignment") ? "out_of_reach" : "wrong_time" };
  };

  /* Whether what was recorded about an alert still counts, after somebody or something has changed it. */
  const judged = (entry, alert, me) => {
    const mine = (person) => Boolean(person) && person.id === me.user;
    if (alert.state === "resolved") {
      if (mine(alert.resolved_by)) return { why: "" };
      return { why: `ended_${alert.ended_by}`, became: { outcome: alert.outcome, at: alert.resolved_at } };
    }
    if (alert.state === "acknowledged") {
      if (!mine(alert.acknowledged_by)) return { why: "in_hand", became: { at: alert.acknowledged_until } };
      if (entry.deed === "acknowledge") return { why: "" };
    }
    const more = entry.deed === "resolve" && alert.joined > entry.joined;
    return { why: more || alert.level > entry.level ? "more_came" : "again" };
  };

  /* Taking an alert on, or what it has come to: once, by the key, and only of the state that was seen. */
  const answerAlert = async (entry, fresh, me) => {
    const since = Date.now() - Date.parse(entry.observed_at);
    const late = entry.deed === "acknowledge" && since > TAKEN_ON_FOR;
    const address = `${ALERTS}${entry.alert}/`;
    const said = entry.deed === "resolve" ? { outcome: entry.outcome, ...noteOf(entry, fresh) } : {};
    let seen = `"${entry.version}"`;
    for (let attempt = 0; attempt < 2; attempt += 1) {
      if (!late) {
        const answer = await ask(entry, me, `${address}${entry.deed}/`, said, {
          "If-Match": seen,
          "Idempotency-Key": `${entry.client_key} ${seen}`,
        });
        const why = answer.ok ? "" : passing(answer);
        if (answer.ok || why) return { why };
      }
      const now = await ask(entry, me, address);
      if (!now.ok) return { why: passing(now) || "busy" };
      const verdict = judged(entry, await now.json(), me);
      if (verdict.why !== "again") return verdict;
      if (late) return { why: "too_late" };
      seen = now.headers.get("ETag");
    }
    /* It changes as fast as one can look: nothing is sent over that, and nothing waits for it. */
    return { why: "more_came" };
  };

  const send = async (entry, fresh, me) => {
    try {
      return await (entry.alert ? answerAlert : checkIn)(entry, fresh, me);
    } catch {
      return { why: "offline" };
    }
  };

  const sendAll = async (fresh) => {
    const entries = (await waiting()).filter((entry) => !entry.refused);
    if (!entries.length) return { problem: "", sent: [] };
    const me = await whoIsThere();
    if (me.problem) return { problem: me.problem, sent: [] };
    const sent = [];
    let problem = "";
    for (const entry of entries) {
      if (entry.user !== me.user) {
        problem = problem || "somebody_else";
        continue;
      }
      const { why, became } = await send(entry, fresh, me);
      if (!why) {
        await drop(entry.client_key);
        sent.push(entry.client_key);
      } else if (GONE.includes(why)) {
        return { problem: why, sent };
      } else if (waits(entry, why)) {
        /* What is tried again by itself says so; the rest is said when that has been sent. */
        problem = why === "busy" || problem === "offline" ? "offline" : why;
      } else {
        await keep({ ...entry, refused: why, became });
      }
    }
    return { problem, sent };
  };

  /* Send what waits. Two at once would do no harm, the key is the same; one at a time is quieter. */
  const flush = (fresh) =>
    "locks" in navigator ? navigator.locks.request("carenet-pocket", () => sendAll(fresh)) : sendAll(fresh);

  const isThere = async () => (await whoIsThere()).problem !== "offline";

  return { keep, isThere, drop, waiting, day, alerts, keepDay, keepAlerts, forgetDay, flush };
})();
