// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "bench/frame.h"

#include <array>

namespace Rollcall::Bench {

namespace {

constexpr std::size_t kLongest = 16 << 20;
// Any will do: the server has to unmask it all the same.
constexpr std::array<char, 4> kMask{char(0x9d), char(0x3a), char(0x51), char(0xc7)};

void appendHead(std::string &out, int opcode, std::size_t size, int maskBit)
{
    out += char(0x80 | opcode);
    if (size < 126) {
        out += char(maskBit | int(size));
    } else if (size < 65536) {
        out += char(maskBit | 126);
        out += char(size >> 8);
        out += char(size);
    } else {
        out += char(maskBit | 127);
        for (int shift = 56; shift >= 0; shift -= 8)
            out += char(std::uint64_t(size) >> shift);
    }
}

} // namespace

Frame Frame::read(char *bytes, std::size_t count)
{
    Frame frame;
    if (count < 2)
        return frame;
    const auto byte = [bytes](std::size_t at) { return std::size_t(std::uint8_t(bytes[at])); };
    frame.opcode = int(byte(0) & 15);
    const bool isMasked = byte(1) & 0x80;
    std::size_t head = 2;
    std::size_t size = byte(1) & 127;
    if (size == 126) {
        head = 4;
        if (count < head)
            return frame;
        size = byte(2) << 8 | byte(3);
    } else if (size == 127) {
        head = 10;
        if (count < head)
            return frame;
        size = 0;
        for (std::size_t i = 2; i < 10; ++i)
            size = size << 8 | byte(i);
    }
    if (size > kLongest || !(byte(0) & 0x80)) {
        frame.isWrong = true;
        return frame;
    }
    const std::size_t mask = head;
    if (isMasked)
        head += 4;
    if (count < head + size)
        return frame;
    if (isMasked) {
        for (std::size_t i = 0; i < size; ++i)
            bytes[head + i] = char(bytes[head + i] ^ bytes[mask + (i & 3)]);
    }
    frame.payload = {bytes + head, size};
    frame.size = head + size;
    return frame;
}

void appendClientFrame(std::string &out, int opcode, std::string_view payload)
{
    appendHead(out, opcode, payload.size(), 0x80);
    out.append(kMask.data(), kMask.size());
    const std::size_t begin = out.size();
    out.append(payload);
    for (std::size_t i = 0; i < payload.size(); ++i)
        out[begin + i] = char(out[begin + i] ^ kMask[i & 3]);
}

void appendServerFrame(std::string &out, int opcode, std::string_view payload)
{
    appendHead(out, opcode, payload.size(), 0);
    out.append(payload);
}

} // namespace Rollcall::Bench
