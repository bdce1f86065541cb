// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import { Avatar } from './avatar.js';
import { element } from './dom.js';
import { makePlant } from './figure.js';
import { makeRandom, themeHue } from './look.js';

/** The floor in metres, centre at 0, 0; +z is towards the viewer. */
export const floorSize = Object.freeze({ x: 10, z: 8 });

const kTilt = { least: 0.6, most: 0.9 }; // how much of a metre of depth is left, seen from above
const kMinScale = 27;
const kMargin = { x: 14, top: 64, bottom: 88 };

/** The room as a floor seen from above: draws everybody once per frame while it is shown. */
export class Stage {
    #view;
    #plane = element('div', { class: 'plane' });
    #floor = element('div', { class: 'floor' }, element('div', { class: 'rug' }));
    #marker = element('div', { class: 'marker', hidden: true });
    #avatars = new Map();
    #props = [];
    #scale = 40;
    #tilt = 0.74;
    #offset = { x: 0, y: 0 };
    #size = { width: 0, height: 0 };
    #frame = 0;
    #resize;
    #beforeFrame;
    #selfId;

    /** @param {(nowMs: number, stepMs: number) => void} beforeFrame moves our own avatar */
    constructor(view, room, selfId, beforeFrame) {
        this.#view = view;
        this.#selfId = selfId;
        this.#beforeFrame = beforeFrame;
        view.style.setProperty('--theme', String(themeHue(room.theme, room.id)));
        this.#plane.append(this.#floor, this.#marker);
        this.#decorate(room.id);
        view.replaceChildren(this.#plane);
        this.#resize = new ResizeObserver(() => this.#fit());
        this.#resize.observe(view);
        this.#fit();
        this.#run(performance.now());
    }

    /** Draws exactly these members. */
    setMembers(members) {
        for (const userId of [...this.#avatars.keys()]) {
            if (!members.has(userId)) {
                this.remove(userId);
            }
        }
        for (const member of members.values()) {
            this.add(member);
        }
    }

    add(member) {
        const known = this.#avatars.get(member.userId);
        if (known) {
            known.update(member);
            if (!known.isSelf) {
                known.moved(member, performance.now());
            }
            return;
        }
        const avatar = new Avatar(member, member.userId === this.#selfId);
        this.#avatars.set(member.userId, avatar);
        this.#plane.append(avatar.node);
    }

    remove(userId) {
        this.#avatars.get(userId)?.remove();
        this.#avatars.delete(userId);
    }

    avatar(userId) {
        return this.#avatars.get(userId);
    }

    move(userId, transform) {
        this.#avatars.get(userId)?.moved(transform, performance.now());
    }

    /** The place on the floor under a pointer event. */
    placeAt({ clientX, clientY }) {
        const plane = this.#plane.getBoundingClientRect();
        return clampToFloor({
            x: (clientX - plane.left) / this.#scale - floorSize.x,
            z: (clientY - plane.top) / (this.#scale * this.#tilt) - floorSize.z,
        });
    }

    showTarget(place) {
        this.#marker.hidden = !place;
        if (place) {
            const { left, top } = this.#project(place);
            this.#marker.style.transform = 'translate(' + left + 'px,' + top + 'px)';
        }
    }

    destroy() {
        cancelAnimationFrame(this.#frame);
        this.#resize.disconnect();
        this.#view.replaceChildren();
    }

    #decorate(seed) {
        const random = makeRandom(seed);
        const corners = [[-1, -1], [1, -1], [-1, 1], [1, 1]].filter(() => random() < 0.8);
        for (const [sideX, sideZ] of corners) {
            const place = { x: sideX * (floorSize.x - 0.9 - random() * 0.5), z: sideZ * (floorSize.z - 0.8 - random() * 0.5) };
            const node = element('div', { class: 'prop' }, element('div', { class: 'shadow' }), makePlant());
            node.style.setProperty('--size', (0.85 + random() * 0.3).toFixed(2));
            this.#props.push({ place, node });
            this.#plane.append(node);
        }
    }

    #fit() {
        const { clientWidth: width, clientHeight: height } = this.#view;
        const free = { x: width - 2 * kMargin.x, y: height - kMargin.top - kMargin.bottom };
        const fitting = Math.min(free.x / (2 * floorSize.x), free.y / (2 * floorSize.z * kTilt.least));
        this.#scale = Math.max(kMinScale, fitting);
        this.#tilt = Math.min(kTilt.most, Math.max(kTilt.least, free.y / (2 * floorSize.z * this.#scale)));
        this.#size = { width, height };
        this.#view.style.setProperty('--scale', this.#scale.toFixed(2));
        this.#view.style.setProperty('--tilt', this.#tilt.toFixed(3));
        this.#plane.style.width = 2 * floorSize.x * this.#scale + 'px';
        this.#plane.style.height = 2 * floorSize.z * this.#scale * this.#tilt + 'px';
        for (const { place, node } of this.#props) {
            const { left, top } = this.#project(place);
            node.style.transform = 'translate(' + left + 'px,' + top + 'px)';
            node.style.zIndex = String(Math.round(top) + 10);
        }
    }

    #project({ x, z }) {
        return { left: (x + floorSize.x) * this.#scale, top: (z + floorSize.z) * this.#scale * this.#tilt };
    }

    #run(lastMs) {
        this.#frame = requestAnimationFrame((nowMs) => {
            this.#beforeFrame(nowMs, Math.min(100, nowMs - lastMs));
            this.#draw(performance.now());
            this.#run(nowMs);
        });
    }

    #draw(nowMs) {
        let focus = { left: this.#plane.offsetWidth / 2, top: this.#plane.offsetHeight / 2 };
        for (const avatar of this.#avatars.values()) {
            const place = avatar.positionAt(nowMs);
            const shown = this.#project(clampToFloor(place));
            avatar.draw(shown, place, this.#bubbleShift(shown.left));
            if (avatar.isSelf) {
                focus = shown;
            }
        }
        this.#follow(focus);
    }

    /** How far a bubble moves aside to stay in view. */
    #bubbleShift(left) {
        const half = 112;
        const inView = left + this.#offset.x;
        return Math.max(0, half - inView) - Math.max(0, inView + half - this.#size.width);
    }

    /** Centres the floor, or keeps our avatar in view where the floor is larger than the view. */
    #follow({ left, top }) {
        const { width, height } = this.#size;
        const offset = (size, view, before, after, at) => {
            const free = view - before - after - size;
            return free >= 0 ? before + free / 2 : Math.min(before, Math.max(view - after - size, view / 2 - at));
        };
        const x = offset(this.#plane.offsetWidth, width, kMargin.x, kMargin.x, left);
        const y = offset(this.#plane.offsetHeight, height, kMargin.top, kMargin.bottom, top);
        this.#offset = { x, y };
        this.#plane.style.transform = 'translate(' + x.toFixed(1) + 'px,' + y.toFixed(1) + 'px)';
    }
}

export function clampToFloor(place) {
    const edge = 0.5;
    return {
        ...place,
        x: Math.min(floorSize.x - edge, Math.max(edge - floorSize.x, place.x)),
        z: Math.min(floorSize.z - edge, Math.max(edge - floorSize.z, place.z)),
    };
}
