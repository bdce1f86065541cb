// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fetchTrusting } from './certificate.mjs';
import { Process } from './process.mjs';
import { redisCli } from './redis.mjs';
import { eventually } from './wait.mjs';

const kProgram = process.env.ROLLCALL_BIN;

/// The rooms every test host knows, unless it says otherwise.
export const kRooms = [
    { id: 'lobby', name: 'Lobby', theme: 'plaza', region: 'eu', capacity: 50 },
    { id: 'garden', name: 'Garden', theme: 'garden', region: 'eu', capacity: 50 },
    { id: 'attic', name: 'Attic', theme: 'home', region: 'us', capacity: 2 },
];

function tomlValue(value) {
    return Array.isArray(value) ? `[${value.map(tomlValue).join(', ')}]` : JSON.stringify(value);
}

function configurationText(settings, rooms) {
    const sections = new Map();
    for (const [name, value] of Object.entries(settings)) {
        const dot = name.indexOf('.');
        const section = name.slice(0, dot);
        sections.set(section, [...sections.get(section) ?? [], `${name.slice(dot + 1)} = ${tomlValue(value)}`]);
    }
    const texts = [...sections].map(([section, lines]) => `[${section}]\n${lines.join('\n')}\n`);
    for (const room of rooms) {
        const lines = Object.entries(room).map(([key, value]) => `${key} = ${tomlValue(value)}`);
        texts.push(`[[rooms.room]]\n${lines.join('\n')}\n`);
    }
    return texts.join('\n');
}

/// The environment without anything that configures a host or names a place for its files.
function cleanEnvironment() {
    const configures = /^(ROLLCALL|REDIS|PRESENCE|REALTIME|USE)_|^(PORT|XDG_RUNTIME_DIR)$/;
    return Object.fromEntries(Object.entries(process.env).filter(([name]) => !configures.test(name)));
}

/// A running host on a port of its own.
export class Host {
    /// `settings`: {'presence.ttl': '3s'}; `rooms`: room tables; `args`: further arguments; `ca`: whom to trust when the
    /// host speaks TLS.
    static async start(folder, { name = 'rollcall', settings = {}, rooms = kRooms, args = [], env = {}, ca } = {}) {
        if (!kProgram)
            throw new Error('ROLLCALL_BIN must name the rollcall program; ctest sets it');
        const host = new Host();
        host.ca = ca;
        host.configuration = join(folder, `${name}.toml`);
        const defaults = { 'edge.host': '127.0.0.1', 'edge.port': 0 };
        writeFileSync(host.configuration, configurationText({ ...defaults, ...settings }, rooms));
        host.process = new Process(name, kProgram, ['--config', host.configuration, ...args], {
            env: { ...cleanEnvironment(), TMPDIR: folder, ...env }, cwd: folder,
        });
        const [, url, port] = await host.process.line(/^rollcall: listening on (https?:\/\/[^/]*?:(\d+)\/)/);
        host.url = url;
        host.port = Number(port);
        host.wsUrl = url.replace(/^http/, 'ws') + 'ws';
        return host;
    }

    /// Every start is awaited with this, so that no test begins while plugins or Redis are still coming up.
    ready(fits = body => body.status === 'ready') {
        return eventually(`${this.process.name} is ready`, async () => {
            const { status, body } = await this.get('ready');
            if (status !== 200 || !fits(body))
                throw new Error(`${status} ${JSON.stringify(body)}`);
            return body;
        }, { within: 15000 });
    }

    /// GET: {status, headers, body}, the body parsed if it is JSON.
    async get(path, init = {}) {
        const options = { signal: AbortSignal.timeout(5000), ...init };
        const response = await (this.ca ? fetchTrusting(this.ca, this.url + path, options) : fetch(this.url + path, options));
        const text = await response.text();
        const isJson = /json/.test(response.headers.get('content-type') ?? '');
        return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
    }

    post(path, body, headers = {}) {
        return this.get(path, {
            method: 'POST', body: JSON.stringify(body),
            headers: { 'content-type': 'application/json', ...headers },
        });
    }

    /// The body of GET /rooms.
    async rooms() {
        const { status, body } = await this.get('rooms');
        if (status !== 200)
            throw new Error(`GET /rooms: ${status} ${JSON.stringify(body)}`);
        return body;
    }

    /// The count that GET /rooms shows for a room.
    async occupancy(room) {
        return (await this.rooms()).rooms.find(each => each.id === room)?.estimatedOccupancy;
    }

    /// Waits until the room list shows `count`.
    counts(room, count, options) {
        return eventually(`GET /rooms counts ${count} in ${room}`, async () => {
            const now = await this.occupancy(room);
            if (now !== count)
                throw new Error(`it counts ${now}`);
            return true;
        }, options);
    }

    /// The socket of the embedded Redis, as printed.
    async embeddedRedis() {
        return (await this.process.line(/(\/\S+\.sock)/))[1];
    }

    async redisCli(...args) { return redisCli(await this.embeddedRedis(), ...args); }

    get pid() { return this.process.pid; }
}
