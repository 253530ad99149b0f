/* Whoever is asked to sign in is signed out: today's list does not stay on this telephone. */
"use strict";

if ("indexedDB" in self) Pocket.forgetDay().catch(() => {});
