// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { Process, eventually, freePort, rawHttp, scenario, within } from './harness.mjs';

/// Everybody at once: sent to another node when theirs shuts down, and back after it was killed. `rollcall-bench
/// reconnect` is all of the clients. ROLLCALL_TEST_CLIENTS says how many: 2000, and 5000 for the
/// restart, is the full size.

const kProgram = join(dirname(process.env.ROLLCALL_BIN ?? ''), 'rollcall-bench');
const kClients = Number(process.env.ROLLCALL_TEST_CLIENTS ?? 300);
const kIsFull = kClients >= 1000;
const kPatience = kIsFull ? 60000 : 20000;
// Below edge.maxConnectionsPerAddress from each: the limits are the default ones.
const kAddresses = Math.ceil(kClients / 1000);

const kSettings = { 'rooms.autoCreate': true, 'log.level': 'warning' };

/// A host that others can name, and that can be started again where it was.
async function startNode(s, redis, name, { settings = {}, port } = {}) {
    const ownPort = port ?? await freePort();
    return s.host({
        name, settings: {
            ...kSettings, 'host.nodeId': name, 'redis.url': redis.url, 'edge.port': ownPort,
            'edge.publicUrl': `http://127.0.0.1:${ownPort}`, ...settings,
        },
    });
}

/// Returns once all are in their rooms.
async function startClients(s, seconds, host) {
    const tool = new Process('rollcall-bench', kProgram, ['reconnect', '--join', '--connections', `${kClients}`,
        '--at-once', `${kClients}`, '--source-addresses', `${kAddresses}`, '--heartbeat', '5', '--seconds', `${seconds}`,
        '--json', '--quiet', host.wsUrl]);
    s.onEnd(() => tool.isRunning && tool.stop('SIGKILL'));
    await tool.line(/all are in their rooms/, { timeout: kPatience });
    return tool;
}

async function resultOf(tool) {
    const exit = await within(kPatience + 60000, 'rollcall-bench ends', tool.exited);
    assert.equal(exit.code, 0, tool.lines.join('\n'));
    return JSON.parse(tool.lines.find(line => line.startsWith('{')));
}

const sumOf = async (host, member) =>
    (await host.get('rooms?limit=1000')).body.rooms.reduce((sum, room) => sum + room[member], 0);

const holds = (host, count, options) => eventually(`${host.process.name} holds ${count} connections`, async () => {
    const now = await sumOf(host, 'connections');
    if (now !== count)
        throw new Error(`it holds ${now}`);
    return true;
}, { within: kPatience, every: 50, ...options });

const wsUrlAt = async (host, room, user) =>
    (await host.post('rooms/join', { roomId: room, user: { userId: user } })).body.wsUrl;

scenario('who asks any node is sent to the one that holds most of the room', { timeout: 120000 }, async s => {
    const redis = await s.redis();
    const one = await startNode(s, redis, 'one');
    const two = await startNode(s, redis, 'two');
    const stubborn = await startNode(s, redis, 'stubborn', { settings: { 'rooms.affinity': false } });
    const nameless = await startNode(s, redis, 'nameless', { settings: { 'edge.publicUrl': '' } });
    for (const user of ['a', 'b'])
        await s.member(two, user, 'lobby');
    await s.member(nameless, 'c', 'garden');
    await eventually('two is known to one', async () => await wsUrlAt(one, 'lobby', 'x') === two.wsUrl);
    assert.equal(await wsUrlAt(nameless, 'lobby', 'x'), two.wsUrl);
    assert.equal(await wsUrlAt(two, 'lobby', 'x'), two.wsUrl);
    assert.equal(await wsUrlAt(stubborn, 'lobby', 'x'), stubborn.wsUrl);
    assert.equal(await wsUrlAt(one, 'garden', 'x'), one.wsUrl, 'a node without a URL was named');
    assert.equal(await wsUrlAt(one, 'attic', 'x'), one.wsUrl, 'the room is empty');
    // As many here: who asks stays.
    for (const user of ['d', 'e'])
        await s.member(one, user, 'lobby');
    await eventually('two knows of them', async () => await two.occupancy('lobby') === 4);
    assert.equal(await wsUrlAt(one, 'lobby', 'x'), one.wsUrl);
    assert.equal(await wsUrlAt(two, 'lobby', 'x'), two.wsUrl);
    two.expectedExit = { code: null, signal: 'SIGKILL' };
    await two.process.stop('SIGKILL');
    await eventually('nobody is sent to a dead node', async () =>
        await wsUrlAt(stubborn, 'lobby', 'y') === stubborn.wsUrl && await wsUrlAt(nameless, 'lobby', 'y') === one.wsUrl,
    { within: 15000 });
});

scenario(`${kClients} clients move to another node within the drain window, and nobody is seen leaving`, { timeout: 180000 }, async (s, t) => {
    const windowSeconds = kIsFull ? 10 : 2;
    const leaseSeconds = kIsFull ? 12 : 2;
    const redis = await s.redis();
    const settings = {
        'realtime.drainWindow': `${windowSeconds}s`, 'host.stopDeadline': `${windowSeconds + 8}s`,
        'presence.drainingLease': `${leaseSeconds}s`,
    };
    const one = await startNode(s, redis, 'one', { settings });
    const two = await startNode(s, redis, 'two', { settings });
    // The lease of the one that ends is over before the clients are: nobody is announced by that either.
    const tool = await startClients(s, windowSeconds + leaseSeconds + (kIsFull ? 10 : 4), one);
    const witness = await s.member(one, 'witness', 'bench-r0');
    const farWitness = await s.member(two, 'far-witness', 'bench-r0');
    await s.member(two, 'settler', 'elsewhere');
    await eventually('one knows two', async () => await wsUrlAt(one, 'elsewhere', 'x') === two.wsUrl);

    const start = performance.now();
    one.process.signal('SIGTERM');
    await witness.next('draining', payload => payload.url === two.wsUrl && payload.reconnectInMs <= windowSeconds * 1000);
    const movedWitness = await s.member(two, 'witness', 'bench-r0');
    assert.equal((await one.get('ready')).status, 503, 'clients were asked to leave a node that was ready');
    assert.equal(await wsUrlAt(one, 'bench-r0', 'x'), two.wsUrl);
    await holds(two, kClients + 3, { within: windowSeconds * 1000 - (performance.now() - start) });
    const seconds = (performance.now() - start) / 1000;
    assert.equal((await within(20000, 'one ends', one.process.exited)).code, 0);

    const result = await resultOf(tool);
    t.diagnostic(`${kClients} on the other node after ${seconds.toFixed(2)} s of ${windowSeconds} s; away `
        + `${result.p50ms} ms (p50), ${result.maxMs} ms (longest)`);
    assert.ok(result.secondsFromAsking <= windowSeconds, `the last was back after ${result.secondsFromAsking} s`);
    const { asked, moved, returned, inTheirRooms, seenLeaving, refused, lost, failed } = result;
    assert.deepEqual({ asked, moved, returned, inTheirRooms, seenLeaving, refused, lost, failed }, {
        asked: kClients, moved: kClients, returned: kClients, inTheirRooms: kClients, seenLeaving: 0, refused: 0, lost: 0,
        failed: 0,
    });
    for (const each of [witness, farWitness, movedWitness])
        assert.deepEqual(each.all('member_left'), []);
});

scenario(`${kClients} clients come back after their host was killed and started again; none is refused`, { timeout: 180000 }, async (s, t) => {
    const redis = await s.redis();
    const first = await startNode(s, redis, 'node');
    const tool = await startClients(s, kIsFull ? 30 : 4, first);
    first.expectedExit = { code: null, signal: 'SIGKILL' };
    await first.process.stop('SIGKILL');
    const start = performance.now();
    const second = await startNode(s, redis, 'node', { port: first.port });
    await holds(second, kClients);
    const seconds = (performance.now() - start) / 1000;
    const result = await resultOf(tool);
    t.diagnostic(`${kClients} back ${seconds.toFixed(2)} s after the kill; ${result.failed} attempts while it was down, `
        + `${result.seenLeaving} member_left received`);
    for (const line of tool.lines.filter(each => each.includes('failed,')).slice(0, 5))
        t.diagnostic(line);
    const { lost, returned, inTheirRooms, refused } = result;
    assert.deepEqual({ lost, returned, inTheirRooms, refused },
        { lost: kClients, returned: kClients, inTheirRooms: kClients, refused: 0 });
    assert.equal(await sumOf(second, 'estimatedOccupancy'), kClients);
});

scenario('above the limits who comes is refused with a Retry-After, and comes in once there is room', async s => {
    const redis = await s.redis();
    const host = await startNode(s, redis, 'node', { settings: { 'edge.maxConnections': 40 } });
    const held = [];
    for (let index = 0; index < 30; ++index)
        held.push(await s.client(host, `held-${index}`));
    const tool = new Process('rollcall-bench', kProgram, ['reconnect', '--connections', '20', '--at-once', '20',
        '--seconds', '1', '--json', '--quiet', host.wsUrl]);
    s.onEnd(() => tool.isRunning && tool.stop('SIGKILL'));
    await eventually('some are refused', async () => {
        const { responses } = await rawHttp(host.port, 'GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n');
        return responses[0]?.status === 503 && responses[0].headers['retry-after'] === '5';
    });
    held.forEach(client => client.end());
    const result = await resultOf(tool);
    assert.equal(result.inTheirRooms, 20);
    assert.ok(result.refused > 0);
});
