// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import assert from 'node:assert/strict';
import test from 'node:test';
import { makeClient, rejection } from './support/client.mjs';

const kList = { rooms: [{ id: 'a', estimatedOccupancy: 1 }], nextCursor: null, stale: false, asOfMs: 5 };

test('the list is asked for with the tag it last had', async () => {
    const { host, client } = makeClient();
    host.refusals.push({ body: kList, headers: { ETag: '"1"' } }, { status: 304, body: '' }, { body: kList });
    const first = await client.listRooms();
    assert.equal(first.unchanged, false);
    const second = await client.listRooms();
    assert.equal(host.requests[1].headers['If-None-Match'], '"1"');
    assert.equal(second.unchanged, true);
    assert.deepEqual(second.rooms, first.rooms);
});

test('each query has its own tag', async () => {
    const { host, client } = makeClient();
    host.refusals.push({ body: kList, headers: { ETag: '"1"' } }, { body: kList });
    await client.listRooms();
    await client.listRooms({ region: 'eu', theme: undefined });
    assert.equal('If-None-Match' in host.requests[1].headers, false);
});

test('staleness comes from the headers, so that a 304 can tell it', async () => {
    const { host, client } = makeClient();
    host.refusals.push({ body: kList, headers: { ETag: '"1"' } },
                       { status: 304, body: '', headers: { 'X-Rollcall-Stale': 'true', Age: '12' } },
                       { body: { ...kList, stale: true } });
    assert.equal((await client.listRooms()).stale, false);
    const stale = await client.listRooms();
    assert.equal(stale.stale, true);
    assert.equal(stale.ageMs, 12000);
    assert.equal((await client.listRooms()).stale, true);
});

test('a list that is none is a bad response', async () => {
    const { host, client, timers } = makeClient();
    host.refusals.push({ body: { rooms: 'many' } });
    assert.equal((await rejection(client.listRooms(), timers)).code, 'bad_response');
});
