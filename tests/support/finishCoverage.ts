// When the tests are done, mocha's pool sends SIGTERM to workers that have not ended within a second. Writing a worker's
// coverage can take longer, and what is cut off counts as not covered. A worker ends by itself where mocha is gone.
if (process.env.MOCHA_WORKER_ID !== undefined) process.on("SIGTERM", () => undefined);
