// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

/// Everything an integration test needs; see README.md.
export { selfSigned } from './harness/certificate.mjs';
export { Client } from './harness/client.mjs';
export { Cluster } from './harness/cluster.mjs';
export { Crowd } from './harness/crowd.mjs';
export { Host, kRooms } from './harness/host.mjs';
export { parseResponses, rawHttp } from './harness/http.mjs';
export { freePort } from './harness/ports.mjs';
export { Process } from './harness/process.mjs';
export { Proxy } from './harness/proxy.mjs';
export { Redis, redisCli } from './harness/redis.mjs';
export { scenario } from './harness/scenario.mjs';
export { eventually, sample, within } from './harness/wait.mjs';
