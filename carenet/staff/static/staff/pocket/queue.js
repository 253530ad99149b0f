/* What waits on this telephone, and how it is sent: once, whoever sends it, page or service worker.
   It holds no name, address, telephone number or note (docs/staff.md). */
"use strict";

const Pocket = (() => {
  const STATE = "/pocket/state/";
  const CHECK_INS = "/api/v1/check-ins/";

  const opened = () => new Promise((done, failed) => {
    const asked = indexedDB.open("carenet-pocket", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("queue", { keyPath: "client_key" });
      asked.result.createObjectStore("day", { keyPath: "assignment" });
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });

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

  const keep = (entry) => within("queue", "readwrite", (store) => { store.put(entry); });
  const drop = (key) => within("queue", "readwrite", (store) => { store.delete(key); });
  const waiting = () => within("queue", "readonly", (store) => store.getAll());
  const day = () => within("day", "readonly", (store) => store.getAll());
  const forgetDay = () => within("day", "readwrite", (store) => { store.clear(); });
  const keepDay = (visits) => within("day", "readwrite", (store) => {
    store.clear();
    visits.forEach((visit) => store.put(visit));
  });

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

  /* Why the service did not take it; "" when it has, "offline" and its like when it may later. */
  const refusal = async (entry, answer) => {
    if (answer.ok) return "";
    if (answer.status === 429 || answer.status >= 500) return "offline";
    if (answer.status === 401 || answer.type === "opaqueredirect") return "signed_out";
    if (answer.status === 403) return "not_allowed";
    if (answer.status === 404) return "out_of_reach";
    const said = await answer.json().catch(() => ({}));
    if (answer.status === 409) {
      if (said.code !== "check_in_differs") return "not_watched";
      /* The first time it had a note, and arrived although nobody told us. */
      return entry.noted ? "" : "differs";
    }
    const fields = (said.errors || []).map((each) => each.pointer);
    return fields.includes("/assignment") ? "out_of_reach" : "wrong_time";
  };

  const LATER = ["offline", "signed_out", "not_allowed"];

  /* What was recorded this moment with a network comes with its note; all else was kept meanwhile. */
  const send = async (entry, fresh, me) => {
    const now = fresh && fresh.key === entry.client_key;
    let answer;
    try {
      answer = await fetch(CHECK_INS, {
        method: "POST",
        redirect: "manual",
        headers: {
          "Content-Type": "application/json",
          "X-CSRFToken": me.csrf,
          "Carenet-Agency": entry.agency,
        },
        body: JSON.stringify({
          assignment: entry.assignment,
          outcome: entry.outcome,
          observed_at: entry.observed_at,
          client_key: entry.client_key,
          offline: !now,
          ...(now && fresh.note ? { note: fresh.note } : {}),
        }),
      });
    } catch {
      return "offline";
    }
    return refusal(entry, answer);
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
        problem = "somebody_else";
        continue;
      }
      const why = await send(entry, fresh, me);
      if (!why) {
        await drop(entry.client_key);
        sent.push(entry.client_key);
      } else if (LATER.includes(why)) {
        return { problem: why, sent };
      } else {
        await keep({ ...entry, refused: why });
      }
    }
    return { problem, sent };
  };

  /* Send what waits. Two at once would do no harm, the key is the same; one at a time is quieter. */
  const flush = (fresh) =>
    "locks" in navigator
      ? navigator.locks.request("carenet-pocket", () => sendAll(fresh))
      : sendAll(fresh);

  return { keep, drop, waiting, day, keepDay, forgetDay, flush };
})();
