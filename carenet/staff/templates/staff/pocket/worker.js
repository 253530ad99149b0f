{% load static %}"use strict";
importScripts("{% static "staff/pocket/queue.js" %}");

/* The shell alone: nothing that says who looks in on whom is ever in this cache. */
const CACHE = "pocket-5";
const OFFLINE = "{% url "staff-pocket-offline" %}";
const SHELL = [
  OFFLINE,
  "{% static "staff/staff.css" %}",
  "{% static "staff/pocket/pocket.css" %}",
  "{% static "staff/pocket/type.js" %}",
  "{% static "staff/pocket/queue.js" %}",
  "{% static "staff/pocket/pocket.js" %}",
  "{% static "staff/icon.svg" %}",
];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(SHELL)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name !== CACHE) await caches.delete(name);
    await self.clients.claim();
  })());
});

/* Django varies its answers by cookie and language; the shell is one for all. */
const kept = (path) => caches.match(path, { ignoreVary: true });

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const { origin, pathname } = new URL(request.url);
  if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => kept(OFFLINE)));
  } else if (origin === self.location.origin && SHELL.includes(pathname) && pathname !== OFFLINE) {
    event.respondWith(fetch(request).catch(async () => (await kept(pathname)) || Response.error()));
  }
});

self.addEventListener("sync", (event) => {
  if (event.tag !== "check-ins") return;
  event.waitUntil(Pocket.flush().then(({ problem }) => {
    /* The browser comes back to it by itself; whoever is signed out has to do something first. */
    if (problem === "offline") throw new Error(problem);
  }));
});
