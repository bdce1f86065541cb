// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import { setTimeout as delay } from 'node:timers/promises';
import { Visitor } from './visitor.mjs';
import { within } from './wait.mjs';

const kAtOnce = 50; // connections being made
const kTurn = 50; // ms between two rounds of the load
const kRetry = 500; // ms after a refused join

/// Many visitors, and the model of who must be in which room: everybody whose connection is open is in the room
/// they asked for last. What must never happen is collected in `violations`.
export class Crowd {
    visitors = [];
    violations = [];
    refusals = 0; // joins that had to be tried again
    returns = 0; // connections lost and made again
    rooms;
    #movers = []; // those who change rooms while there is load
    #stayers = new Map(); // room -> users of whom nobody may hear that they left
    #turns; // the timer of heartbeats and load
    #hosts = []; // where those come back to who lose their connection

    constructor(rooms) { this.rooms = rooms; }

    /// Adds a visitor for each {user, room, host, isMover} and waits until all of them are in their rooms.
    async add(people) {
        const visitors = people.map(({ user, room, host, isMover }) => {
            const visitor = new Visitor(this, user, room, host);
            if (isMover)
                this.#movers.push(visitor);
            return visitor;
        });
        this.visitors.push(...visitors);
        await this.enter(visitors);
    }

    /// Connects visitors and waits until they are in their rooms.
    async enter(visitors) {
        const waiting = [...visitors];
        const enterNext = async () => {
            for (let visitor = waiting.pop(); visitor; visitor = waiting.pop()) {
                visitor.isAway = false;
                await visitor.connect();
                visitor.join(visitor.room);
                await visitor.welcomed;
            }
        };
        await within(30000, `${visitors.length} visitors are in`, Promise.all(Array.from({ length: kAtOnce }, enterNext)));
    }

    /// From now on they are gone for the model, though their connections may still be open. Nobody may come back.
    /// Returns the visitors and the users who are nowhere any more.
    giveUp(host) {
        const visitors = this.visitors.filter(visitor => visitor.host === host);
        for (const visitor of visitors)
            visitor.isAway = true;
        return { visitors, gone: this.absent(visitors) };
    }

    /// The users of these visitors who have no other connection.
    absent(visitors) {
        const among = new Set(visitors);
        const elsewhere = new Set(
            this.visitors.filter(visitor => !visitor.isAway && !among.has(visitor)).map(visitor => visitor.user));
        return new Set(visitors.map(visitor => visitor.user).filter(user => !elsewhere.has(user)));
    }

    get present() { return this.visitors.filter(visitor => !visitor.isAway); }
    get movers() { return new Set(this.#movers.map(visitor => visitor.user)); }

    /// The model: room -> users.
    model() {
        const model = new Map(this.rooms.map(room => [room, new Set()]));
        for (const visitor of this.present)
            model.get(visitor.room).add(visitor.user);
        return model;
    }

    /// From now on nobody may be said to leave, or be missing in a room_state, but movers and those in `mayLeave`;
    /// and no connection may close.
    watch(mayLeave = new Set()) {
        const { movers } = this;
        this.#stayers = this.model();
        for (const users of this.#stayers.values()) {
            for (const user of [...users].filter(each => movers.has(each) || mayLeave.has(each)))
                users.delete(user);
        }
        this.violations = [];
        this.refusals = 0;
        this.returns = 0;
        for (const visitor of this.visitors)
            visitor.departures.clear();
    }

    /// Whose view of their room is not the model's.
    wrongViews(model = this.model()) {
        const wrong = [];
        for (const visitor of this.present) {
            const users = model.get(visitor.room);
            const missing = [...users].filter(user => !visitor.view.has(user));
            const ghosts = [...visitor.view].filter(user => !users.has(user));
            if (!visitor.isWelcome || missing.length + ghosts.length > 0)
                wrong.push(`${visitor.user} in ${visitor.room}: lacks [${missing}], shows [${ghosts}] wrongly`);
        }
        return wrong;
    }

    /// Everybody beats every `heartbeat` milliseconds; so many a second move, talk, change rooms (movers), or lose
    /// their connection and come back at once to one of `hosts`.
    work({ heartbeat, hosts = [], ...load }) {
        this.#hosts = hosts;
        const rates = { beats: this.visitors.length * 1000 / heartbeat, ...load };
        const acts = Object.entries(rates).map(([what, perSecond]) => ({ what, perSecond, due: 0, count: 0 }));
        clearInterval(this.#turns);
        this.#turns = setInterval(() => {
            for (const act of acts) {
                for (act.due += act.perSecond * kTurn / 1000; act.due >= 1; --act.due)
                    this.#act(act.what, act.count++);
            }
        }, kTurn);
    }

    stop() {
        clearInterval(this.#turns);
        for (const visitor of this.visitors)
            visitor.drop();
    }

    #act(what, index) {
        const among = what === 'switches' ? this.#movers : this.visitors;
        // A prime stride, so that neighbours in the list (who share a host) do not act together.
        const visitor = among[(index * 7919) % among.length];
        if (!visitor.isOpen)
            return;
        if (what === 'beats')
            visitor.heartbeat();
        else if (what === 'moves')
            visitor.move();
        else if (what === 'chats')
            visitor.chat(`message ${index}`);
        else if (what === 'switches' && visitor.isWelcome)
            visitor.join(this.rooms[(this.rooms.indexOf(visitor.room) + 1 + index % 7) % this.rooms.length]);
        else if (what === 'returns' && visitor.isWelcome)
            this.#comeBack(visitor, this.#hosts[index % this.#hosts.length]);
    }

    async #comeBack(visitor, host) {
        visitor.drop();
        visitor.host = host;
        ++this.returns;
        try {
            await visitor.connect();
            visitor.join(visitor.room);
        } catch (error) {
            this.violations.push(`${visitor.user} cannot connect again: ${error.message}`);
        }
    }

    onState(visitor, members) {
        const listed = new Set(members.map(member => member.userId));
        for (const user of this.#stayers.get(visitor.room) ?? []) {
            if (!listed.has(user))
                this.violations.push(`a room_state of ${visitor.room} for ${visitor.user} lacks ${user}`);
        }
    }

    onLeft(visitor, user, reason) {
        if (this.#stayers.get(visitor.room)?.has(user))
            this.violations.push(`${visitor.user} in ${visitor.room} is told that ${user} left (${reason})`);
    }

    onRefused(visitor, { event, code, message }) {
        if (event !== 'join_room') {
            this.violations.push(`${visitor.user} gets an error: ${code} ${message}`);
            return;
        }
        ++this.refusals;
        delay(kRetry).then(() => visitor.join(visitor.room));
    }

    onClosed(visitor, code) {
        if (this.#stayers.size > 0 && !visitor.isAway)
            this.violations.push(`${visitor.user} lost the connection to ${visitor.host.process.name}: ${code}`);
    }
}
