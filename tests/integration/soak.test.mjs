// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { Process, scenario, within } from './harness.mjs';

/// Correctness under load: rollcall-soak's clients do everything at random and judge all that they are told
/// (tests/soak/README.md). ROLLCALL_SOAK="2000 60 [seed]" runs it with so many clients for so many seconds.

const kProgram = process.env.ROLLCALL_SOAK_BIN
    ?? join(dirname(process.env.ROLLCALL_BIN ?? ''), '..', 'tests', 'rollcall-soak');
const [kClients, kSeconds, kSeed] = (process.env.ROLLCALL_SOAK ?? '300 5').split(/\s+/).map(Number);
const kActEvery = kSeconds < 20 ? 1.5 : 3; // s, of each client
const kGrace = 2;

/// Small marks and thresholds, so that slow readers and large rooms are met with few clients, too.
const kSettings = {
    'presence.grace': `${kGrace}s`, 'rooms.autoCreate': true, 'rooms.defaultCapacity': 0,
    'edge.maxConnectionsPerAddress': 0, 'edge.acceptsPerSecond': 0,
    'realtime.movementHighWater': 16384, 'realtime.closeHighWater': 49152,
    'realtime.fullPresenceMembers': Math.round(kClients * 0.05) + 7,
    'realtime.deltaPresenceMembers': Math.round(kClients * 0.1),
    'realtime.presenceDeltaInterval': '500ms', 'realtime.presenceCountInterval': '1s',
    'log.rules."rollcall.plugin.realtime"': 'warning',
};

async function soak(s, context, hosts) {
    const seed = kSeed || Math.floor(Math.random() * 1e9);
    const tool = new Process('rollcall-soak', kProgram, ['--clients', kClients, '--seconds', kSeconds, '--grace', kGrace,
        '--act-every', kActEvery, '--seed', seed, ...hosts.map(host => host.wsUrl)].map(String));
    s.onEnd(() => tool.isRunning && tool.stop('SIGKILL'));
    const { code } = await within((kSeconds + 120) * 1000, 'rollcall-soak ends', tool.exited);
    context.diagnostic(tool.lines[0] ?? 'it said nothing');
    assert.equal(code, 0, tool.lines.join('\n'));
    const { owed, movements, cuts } = JSON.parse(tool.lines[0]);
    assert.ok(owed > 0 && movements > 0 && cuts > 0, 'there was no load');
}

const timeout = (kSeconds + 150) * 1000;

scenario('nobody is told anything wrong on one node', { timeout }, async (s, context) => {
    await soak(s, context, [await s.host({ settings: kSettings, rooms: [] })]);
});

scenario('nobody is told anything wrong on two nodes', { timeout }, async (s, context) => {
    const redis = await s.redis({ persists: false });
    const settings = { ...kSettings, 'redis.url': redis.url };
    await soak(s, context, [await s.host({ settings, rooms: [] }), await s.host({ settings, rooms: [] })]);
});
