// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

// A message of the `rooms` dialect. What is refused must be refused again, with the same words.
#include "core/protocol/roomsdecoder.h"
#include "fuzz.h"

#include <simdjson.h>

using namespace Rollcall;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static RoomsDecoder decoder; // one per node, with buffers that live on
    static RoomsDecoder second;
    const QByteArrayView bytes(reinterpret_cast<const char *>(data), qsizetype(size));
    if (!simdjson::validate_utf8(bytes.data(), size_t(bytes.size())))
        return 0; // the session has refused it
    const Result<ClientMessage> message = decoder.decode(bytes);
    const Result<ClientMessage> same = second.decode(bytes);
    FUZZ_REQUIRE(bool(message) == bool(same));
    if (message) {
        FUZZ_REQUIRE(message->index() == same->index());
    } else {
        FUZZ_REQUIRE(message.error().code == same.error().code);
        FUZZ_REQUIRE(message.error().logText == same.error().logText);
    }
    FUZZ_REQUIRE(decoder.lastType() == second.lastType());
    return 0;
}
