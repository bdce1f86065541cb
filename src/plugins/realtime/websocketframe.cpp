// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/realtime/websocketframe.h"

#include <algorithm>
#include <cstring>

namespace Rollcall::Realtime {

namespace {

constexpr size_t kMaxControlPayload = 125;
constexpr quint8 kFinalBit = 0x80;
constexpr quint8 kReservedBits = 0x70;
constexpr quint8 kMaskBit = 0x80;

FrameParse refuse(CloseCode code) { return {FrameStatus::Refused, {}, code}; }

bool isKnownOpcode(quint8 opcode) { return opcode <= 0x2 || (opcode >= 0x8 && opcode <= 0xa); }

quint64 bigEndian(std::span<const char> bytes)
{
    quint64 number = 0;
    for (const char byte : bytes)
        number = number << 8 | quint8(byte);
    return number;
}

/// RFC 6455 7.4.1 and 7.4.2, with the codes IANA has assigned since (1012-1014).
bool mayBeOnTheWire(quint16 code)
{
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014)
        || (code >= 3000 && code <= 4999);
}

} // namespace

FrameParse parseFrameHeader(std::span<const char> bytes, size_t maxPayload)
{
    if (bytes.empty())
        return {};
    const auto first = quint8(bytes[0]);
    if ((first & kReservedBits) != 0 || !isKnownOpcode(first & 0x0f))
        return refuse(CloseCode::ProtocolViolation);
    FrameHeader header;
    header.opcode = static_cast<Opcode>(first & 0x0f);
    header.isFinal = (first & kFinalBit) != 0;
    if (isControl(header.opcode) && !header.isFinal)
        return refuse(CloseCode::ProtocolViolation);
    if (bytes.size() < 2)
        return {};

    const auto second = quint8(bytes[1]);
    if ((second & kMaskBit) == 0)
        return refuse(CloseCode::ProtocolViolation);
    quint64 payloadSize = second & 0x7f;
    if (isControl(header.opcode) && payloadSize > kMaxControlPayload)
        return refuse(CloseCode::ProtocolViolation);
    const size_t lengthBytes = payloadSize == 126 ? 2 : payloadSize == 127 ? 8 : 0;
    if (lengthBytes > 0) {
        if (bytes.size() < 2 + lengthBytes)
            return {};
        payloadSize = bigEndian(bytes.subspan(2, lengthBytes));
        if (payloadSize < (lengthBytes == 2 ? 126u : 65536u) || payloadSize >> 63 != 0)
            return refuse(CloseCode::ProtocolViolation);
    }
    if (payloadSize > maxPayload)
        return refuse(CloseCode::MessageTooBig);

    header.size = 2 + lengthBytes + header.mask.size();
    header.payloadSize = size_t(payloadSize);
    if (bytes.size() < header.size)
        return {};
    std::copy_n(bytes.begin() + 2 + lengthBytes, header.mask.size(), header.mask.begin());
    return {FrameStatus::Complete, header, CloseCode::ProtocolViolation};
}

void unmask(std::span<char> payload, const MaskKey &mask)
{
    quint32 key;
    std::memcpy(&key, mask.data(), sizeof key);
    const quint64 wide = quint64(key) << 32 | key;
    char *bytes = payload.data();
    size_t left = payload.size();
    for (; left >= sizeof wide; left -= sizeof wide, bytes += sizeof wide) {
        quint64 block;
        std::memcpy(&block, bytes, sizeof block);
        block ^= wide;
        std::memcpy(bytes, &block, sizeof block);
    }
    for (size_t i = 0; i < left; ++i)
        bytes[i] = char(bytes[i] ^ mask[i % mask.size()]);
}

size_t encodeHeaderBefore(char *end, Opcode opcode, size_t payloadSize)
{
    const size_t lengthBytes = payloadSize > 0xffff ? 8 : payloadSize > 125 ? 2 : 0;
    const size_t size = 2 + lengthBytes;
    char *header = end - size;
    header[0] = char(kFinalBit | quint8(opcode));
    header[1] = lengthBytes == 8 ? char(127) : lengthBytes == 2 ? char(126) : char(payloadSize);
    for (size_t i = 0; i < lengthBytes; ++i)
        header[2 + i] = char(quint64(payloadSize) >> 8 * (lengthBytes - 1 - i));
    return size;
}

std::optional<ClosePayload> parseClosePayload(QByteArrayView payload)
{
    if (payload.isEmpty())
        return ClosePayload{};
    if (payload.size() < 2)
        return std::nullopt;
    const auto code = quint16(quint8(payload[0]) << 8 | quint8(payload[1]));
    if (!mayBeOnTheWire(code))
        return std::nullopt;
    return ClosePayload{static_cast<CloseCode>(code), payload.sliced(2)};
}

size_t encodeCloseFrame(std::span<char, 127> out, CloseCode code)
{
    size_t payloadSize = 0;
    if (code != CloseCode::NoStatus) {
        const QLatin1String reason = closeReason(code);
        const size_t reasonSize = std::min(size_t(reason.size()), kMaxControlPayload - 2);
        out[2] = char(quint16(code) >> 8);
        out[3] = char(quint16(code) & 0xff);
        if (reasonSize > 0)
            std::memcpy(out.data() + 4, reason.data(), reasonSize);
        payloadSize = 2 + reasonSize;
    }
    return encodeHeaderBefore(out.data() + 2, Opcode::Close, payloadSize) + payloadSize;
}

} // namespace Rollcall::Realtime
