// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually, scenario, selfSigned } from './harness.mjs';

/// Clients that stop reading, plain and over TLS: what they cost the host, and the others. ROLLCALL_SLOW_ROUNDS=5 measures
/// the others' latency so many times with and without them, in turns.

const kRounds = Number(process.env.ROLLCALL_SLOW_ROUNDS ?? 1);
const kSlow = 20;
const kOthers = 8;
const kMiB = 1024 * 1024;
const kMost = 1.2 * kMiB; // of each that does not read
const kRate = 1200; // chats a second; the kernel's buffers take about 4 MB for each before the host notices
const kSeconds = 10;
const kText = '\u{1f600}'.repeat(225); // 900 bytes

const kSettings = { 'limits.chatPerSecond': 0, 'realtime.pingInterval': '1m', 'realtime.closeDeadline': '3s' };
const kHall = [{ id: 'hall', name: 'Hall', capacity: 0 }];

const residentBytes = host => 1024 * Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${host.pid}/status`, 'utf8'))[1]);
const closedSlow = host => host.process.lines.filter(line => /connection ended .*code=4002/.test(line)).length;

async function bufferedBytes(host) {
    return Number(/^rollcall_edge_buffered_bytes (\S+)/m.exec((await host.get('metrics')).body)[1]);
}

const quantile = (sorted, part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))];
const median = values => quantile([...values].sort((a, b) => a - b), 0.5);

/// Talks until `isDone`, at most kSeconds; the others' latencies in ms from the time at which each was due.
async function talk(talker, others, isDone) {
    const latencies = [];
    const listen = data => {
        const at = /"text":"(\d+\.\d+)/.exec(data.latin1Slice(0, 200))?.[1];
        if (at)
            latencies.push(performance.now() - Number(at));
    };
    for (const other of others)
        other.socket.on('message', listen);
    const start = performance.now();
    for (let count = 0; performance.now() - start < kSeconds * 1000 && !isDone(); await delay(2)) {
        for (let due = start + count * 1000 / kRate; due <= performance.now(); due = start + ++count * 1000 / kRate)
            talker.chat('hall', `${due.toFixed(3)} ${kText}`);
    }
    for (const other of others)
        other.socket.off('message', listen);
    return quantile(latencies.sort((a, b) => a - b), 0.9);
}

/// One host with a talker, some who listen, and `slow` who do not.
async function round(s, tls, slow) {
    const host = await s.host({ settings: { ...kSettings, ...tls.settings }, rooms: kHall, ca: tls.ca });
    const lean = async name => {
        const client = await s.member(host, name, 'hall');
        client.socket.removeAllListeners('message'); // it keeps no frames
        return client;
    };
    const talker = await lean('talker');
    const others = [];
    for (let i = 0; i < kOthers; ++i)
        others.push(await lean(`other${i}`));
    const readers = [];
    for (let i = 0; i < slow; ++i)
        readers.push(await lean(`slow${i}`));
    const before = { resident: residentBytes(host), buffered: await bufferedBytes(host) };
    const most = { resident: 0, buffered: 0 };
    readers.forEach(reader => reader.socket.pause());
    let isOver = false;
    const watching = (async () => {
        while (!isOver) {
            most.resident = Math.max(most.resident, residentBytes(host) - before.resident);
            most.buffered = Math.max(most.buffered, await bufferedBytes(host) - before.buffered);
            await delay(50);
        }
    })();
    // One that reads again, in time, finds the reason at the end; what is kept for the others goes with the deadline.
    const isClosed = () => host.process.lines.some(line => /connection ended .*user="?slow0"? .*code=4002/.test(line));
    const reason = slow === 0 ? undefined
        : eventually('the first of them is closed', isClosed, { within: 20000, every: 5 }).then(() => {
            readers[0].socket.resume();
            return readers[0].closed({ timeout: 10000 });
        });
    reason?.catch(() => {}); // it is awaited below
    const p90 = await talk(talker, others, () => slow > 0 && closedSlow(host) >= slow);
    isOver = true;
    await watching;
    if (slow > 0) {
        await eventually('all of them are closed', () => closedSlow(host) >= slow);
        assert.equal((await reason).code, 4002);
        await eventually('nothing is kept for them', async () => await bufferedBytes(host) - before.buffered < kMiB,
            { within: 8000 });
    }
    assert.ok([talker, ...others].every(client => client.isOpen), 'somebody who reads was closed');
    const isSanitized = /lib\w+san\.so/.test(readFileSync(`/proc/${host.pid}/maps`, 'utf8'));
    [talker, ...others, ...readers].forEach(client => client.dispose());
    await host.process.stop();
    return { p90, isSanitized, resident: most.resident / slow, buffered: most.buffered / slow };
}

for (const isTls of [false, true]) {
    const how = isTls ? 'over TLS' : 'plain';

    scenario(`${kSlow} who do not read, ${how}: closed with 4002, below 1.2 MiB each`, { timeout: kRounds * 60000 }, async (s, context) => {
        const tls = isTls ? await selfSigned(s.folder) : { settings: {} };
        const quiet = [];
        const loud = [];
        for (let count = 0; count < kRounds; ++count) {
            if (kRounds > 1)
                quiet.push(await round(s, tls, 0));
            loud.push(await round(s, tls, kSlow));
        }
        const each = key => Math.max(...loud.map(result => result[key]));
        const text = value => `${(value / kMiB).toFixed(2)} MiB`;
        context.diagnostic(`each: ${text(each('resident'))} resident, ${text(each('buffered'))} buffered; `
            + `p90 of the others ${median(loud.map(({ p90 }) => p90)).toFixed(2)} ms`
            + (quiet.length > 0 ? `, without them ${median(quiet.map(({ p90 }) => p90)).toFixed(2)} ms` : ''));
        assert.ok(each('buffered') > kMiB / 2, 'nothing was kept for them');
        assert.ok(each('buffered') < kMost, `${text(each('buffered'))} were buffered for each`);
        if (!loud[0].isSanitized) // a sanitizer keeps what was freed
            assert.ok(each('resident') < kMost, `the host grew by ${text(each('resident'))} for each`);
    });
}
