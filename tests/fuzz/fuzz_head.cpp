// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

// A request head, and what follows it as a chunked body. The same bytes in pieces must mean the
// same.
#include "core/edge/chunkeddecoder.h"
#include "core/edge/headparser.h"
#include "fuzz.h"

using namespace Rollcall;

namespace {

/// What the edge relies on once parseHead() has said yes.
void requireSound(const RequestHead &head, const HttpLimits &limits)
{
    FUZZ_REQUIRE(!head.method.isEmpty());
    FUZZ_REQUIRE(head.path.startsWith('/') || (head.path == "*" && head.method == "OPTIONS"));
    FUZZ_REQUIRE(head.path.size() + head.queryText.size() <= limits.maxTargetBytes);
    FUZZ_REQUIRE(qint64(head.headers.size()) <= limits.maxHeaders);
    FUZZ_REQUIRE(head.contentLength >= 0);
    FUZZ_REQUIRE(head.body == RequestHead::Body::Length || head.contentLength == 0);
    FUZZ_REQUIRE(head.minorVersion == 0 || head.minorVersion == 1);
    FUZZ_REQUIRE(head.minorVersion == 0 || head.count("host") == 1);
    FUZZ_REQUIRE(head.count("content-length") == 0 || head.count("transfer-encoding") == 0);
    for (const auto &[name, value] : head.headers) {
        FUZZ_REQUIRE(!name.isEmpty());
        for (const char c : name + value)
            FUZZ_REQUIRE(c != '\r' && c != '\n' && c != '\0');
    }
}

HeadScan scanInPieces(std::span<const char> bytes, size_t piece)
{
    HeadScan scan;
    for (size_t end = piece; scan.state == HeadScan::State::Incomplete; end += piece) {
        scan = scanHead(bytes.first(std::min(end, bytes.size())), scan);
        if (end >= bytes.size())
            break;
    }
    return scan;
}

QByteArray bodyInPieces(std::span<const char> bytes, size_t piece, ChunkedDecoder &decoder)
{
    QByteArray body;
    while (!bytes.empty() && decoder.state() == ChunkedDecoder::State::Incomplete) {
        const std::span<const char> now = bytes.first(std::min(piece, bytes.size()));
        const size_t used = decoder.feed(now, body);
        FUZZ_REQUIRE(used <= now.size());
        FUZZ_REQUIRE(used == now.size() || decoder.state() != ChunkedDecoder::State::Incomplete);
        bytes = bytes.subspan(used);
    }
    return body;
}

void readBody(std::span<const char> bytes, size_t piece)
{
    constexpr qint64 kMaxBody = 4096;
    ChunkedDecoder whole(kMaxBody);
    ChunkedDecoder pieces(kMaxBody);
    const QByteArray body = bodyInPieces(bytes, bytes.size(), whole);
    const QByteArray sameBody = bodyInPieces(bytes, piece, pieces);
    FUZZ_REQUIRE(whole.state() == pieces.state());
    FUZZ_REQUIRE(whole.state() != ChunkedDecoder::State::Complete || body == sameBody);
    FUZZ_REQUIRE(body.size() <= kMaxBody && sameBody.size() <= kMaxBody);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    const size_t piece = size_t(data[0]) + 1;
    const std::span<const char> bytes(reinterpret_cast<const char *>(data) + 1, size - 1);
    const HttpLimits limits{.maxHeadBytes = 2048, .maxTargetBytes = 512, .maxHeaders = 20};

    const HeadScan scan = scanHead(bytes, {});
    const HeadScan same = scanInPieces(bytes, piece);
    FUZZ_REQUIRE(scan.state == same.state);
    if (checkScan(bytes, scan, limits).status != 0 || scan.state != HeadScan::State::Complete)
        return 0;
    FUZZ_REQUIRE(scan.end == same.end && scan.end <= bytes.size());
    RequestHead head;
    if (parseHead(bytes.first(scan.end), limits, head).status != 0)
        return 0;
    requireSound(head, limits);
    if (head.body == RequestHead::Body::Chunked)
        readBody(bytes.subspan(scan.end), piece);
    return 0;
}
