// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT

// A WebSocket session. The same bytes in pieces must lead to the same messages and the same
// answers.
#include "fuzz.h"
#include "plugins/realtime/websocketsession.h"

#include <simdjson.h>

#include <vector>

using namespace Rollcall;
using namespace Rollcall::Realtime;

namespace {

constexpr size_t kLimit = 1000;

/// Takes what is written, and knows how it was ended.
class Sink final : public Transport
{
public:
    struct Outcome
    {
        QByteArray written;
        bool isClosed = false;
    };
    explicit Sink(Outcome &outcome)
        : m_outcome(outcome)
    { }

    void setHandler(TransportHandler *) override { }
    void write(std::span<const char> bytes) override
    {
        FUZZ_REQUIRE(!m_outcome.isClosed);
        m_outcome.written.append(bytes.data(), qsizetype(bytes.size()));
    }
    void flush() override { }
    size_t bytesPending() const override { return 0; }
    bool isWaiting() const override { return false; }
    void setReading(bool) override { }
    void close(std::chrono::milliseconds) override
    {
        FUZZ_REQUIRE(!m_outcome.isClosed);
        m_outcome.isClosed = true;
    }
    void abort() override { m_outcome.isClosed = true; }
    QHostAddress peerAddress() const override { return {}; }
    quint16 peerPort() const override { return 0; }

private:
    Outcome &m_outcome;
};

struct Listener final : WebSocketSession::Handler
{
    QByteArray messages; // each with its kind and its size before it
    int closings = 0;
    int code = 0;

    void handleMessage(std::span<char> message, bool isBinary) override
    {
        FUZZ_REQUIRE(closings == 0);
        FUZZ_REQUIRE(message.size() <= kLimit);
        FUZZ_REQUIRE(isBinary || simdjson::validate_utf8(message.data(), message.size()));
        messages +=
            QByteArray(isBinary ? "b" : "t") + QByteArray::number(qint64(message.size())) + ':';
        messages.append(message.data(), qsizetype(message.size()));
        for (char &byte : message) // they are ours to write to
            byte = 'X';
    }
    void handlePong() override { FUZZ_REQUIRE(closings == 0); }
    bool allowsPing() override { return true; }
    void handleDrained() override { }
    void handleClosing(CloseCode closeCode, bool) override
    {
        ++closings;
        code = int(closeCode);
    }
    void handleGone() override { }
};

struct Run
{
    Sink::Outcome outcome;
    Listener listener;
    WebSocketSession::Limits limits{.message = kLimit};

    Run(std::span<const char> bytes, size_t piece)
    {
        WebSocketSession session(std::make_unique<Sink>(outcome), listener, limits);
        std::vector<char> buffer; // what a transport keeps for its handler
        while (!bytes.empty() && !outcome.isClosed) {
            const std::span<const char> now = bytes.first(std::min(piece, bytes.size()));
            bytes = bytes.subspan(now.size());
            buffer.insert(buffer.end(), now.begin(), now.end());
            const size_t used = session.handleBytes(buffer);
            FUZZ_REQUIRE(used <= buffer.size());
            buffer.erase(buffer.begin(), buffer.begin() + ptrdiff_t(used));
            FUZZ_REQUIRE(outcome.isClosed
                         || buffer.size() <= kLimit + 14); // it asks for no more than a frame
        }
        FUZZ_REQUIRE(listener.closings <= 1);
        FUZZ_REQUIRE(outcome.isClosed == (listener.closings == 1));
    }
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    const std::span<const char> bytes(reinterpret_cast<const char *>(data) + 1, size - 1);
    const Run whole(bytes, bytes.size());
    const Run pieces(bytes, size_t(data[0]) + 1);
    FUZZ_REQUIRE(whole.listener.messages == pieces.listener.messages);
    FUZZ_REQUIRE(whole.listener.code == pieces.listener.code);
    FUZZ_REQUIRE(whole.outcome.written == pieces.outcome.written);
    return 0;
}
