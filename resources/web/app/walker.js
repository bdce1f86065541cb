// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

import { clampToFloor } from './stage.js';

const kSpeed = 4.2; // metres a second
const kWaveMs = 1800;
const kKeepAliveMs = 20000;

const kDirections = {
    ArrowUp: [0, -1], KeyW: [0, -1], ArrowDown: [0, 1], KeyS: [0, 1],
    ArrowLeft: [-1, 0], KeyA: [-1, 0], ArrowRight: [1, 0], KeyD: [1, 0],
};

/** Our own avatar: turns keys and pointer into a transform, and says when it changed. */
export class Walker {
    #keys = new Set();
    #target = null;
    #place;
    #rotY = 0;
    #gesture = 'idle';
    #gestureUntilMs = 0;
    #speaking = false;
    #sent = '';
    #sentMs = 0;
    #onChange;
    #onTarget;

    /**
     * @param {{x: number, z: number}} start
     * @param {{onChange: (transform: object) => void, onTarget: (place: object | null) => void}} hooks
     */
    constructor(start, { onChange, onTarget }) {
        this.#place = clampToFloor(start);
        this.#onChange = onChange;
        this.#onTarget = onTarget;
    }

    /** True if the key walks. */
    press(code) {
        if (!(code in kDirections)) {
            return false;
        }
        this.#keys.add(code);
        this.walkTo(null);
        return true;
    }

    release(code) {
        this.#keys.delete(code);
    }

    /** When the window or the focus is elsewhere, no key will be released any more. */
    releaseAll() {
        this.#keys.clear();
    }

    walkTo(place) {
        this.#target = place;
        this.#onTarget(place);
    }

    wave(nowMs) {
        this.#gesture = 'wave';
        this.#gestureUntilMs = nowMs + kWaveMs;
    }

    /** Dances until it walks or is told to stop. */
    toggleDance() {
        this.#gesture = this.#gesture === 'dance' ? 'idle' : 'dance';
        this.#gestureUntilMs = Infinity;
    }

    toggleSpeaking() {
        this.#speaking = !this.#speaking;
    }

    get isDancing() {
        return this.#gesture === 'dance';
    }

    get isSpeaking() {
        return this.#speaking;
    }

    step(nowMs, stepMs) {
        const [dx, dz] = this.#direction();
        const length = Math.hypot(dx, dz);
        const isWalking = length > 0;
        if (isWalking) {
            const reach = (kSpeed * stepMs) / 1000;
            const step = this.#target ? Math.min(reach, length) : reach;
            this.#rotY = Math.atan2(dx, dz);
            this.#place = clampToFloor({ x: this.#place.x + (dx / length) * step, z: this.#place.z + (dz / length) * step });
            if (this.#target && length <= reach) {
                this.walkTo(null);
            }
        }
        if (isWalking || nowMs >= this.#gestureUntilMs) {
            this.#gesture = 'idle';
        }
        this.#tell(nowMs, isWalking ? 'walk' : this.#gesture);
    }

    #direction() {
        if (this.#target) {
            return [this.#target.x - this.#place.x, this.#target.z - this.#place.z];
        }
        const sum = [0, 0];
        for (const code of this.#keys) {
            sum[0] += kDirections[code][0];
            sum[1] += kDirections[code][1];
        }
        return sum;
    }

    #tell(nowMs, anim) {
        const round = (value) => Math.round(value * 100) / 100;
        const transform = {
            x: round(this.#place.x), y: 0, z: round(this.#place.z), rotY: round(this.#rotY), anim, speaking: this.#speaking,
        };
        const text = JSON.stringify(transform);
        if (text !== this.#sent || nowMs - this.#sentMs > kKeepAliveMs) {
            this.#sent = text;
            this.#sentMs = nowMs;
            this.#onChange(transform);
        }
    }
}
