// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/protocol/roomsdecoder.h"

#include "core/protocol/roomspayload_p.h"

namespace Rollcall {

using namespace simdjson;

struct RoomsDecoder::Private
{
    ClientLimits limits;
    ondemand::parser parser;
    ondemand::parser payloadParser;
    PaddedText frame;
    PaddedText payload;
    QByteArrayView type;
    bool hasPayload = false;

    JsonProblem readFrame(ClientMessage &message);
};

JsonProblem RoomsDecoder::Private::readFrame(ClientMessage &message)
{
    ondemand::document document;
    ondemand::object envelope;
    if (parser.iterate(frame.padded()).get(document) || document.get_object().get(envelope))
        return wrong("The message is not a JSON object");
    std::string_view early; // a payload that came before its type
    const JsonProblem problem =
        eachField(envelope, [&](std::string_view key, JsonValue &value) -> JsonProblem {
            if (key == "t" && type.isEmpty())
                return readText(value, type, "t must be a text");
            if (key != "payload" || hasPayload)
                return {};
            ondemand::object object;
            if (value.get_object().get(object))
                return wrong("payload must be an object");
            hasPayload = true;
            if (!type.isEmpty())
                return readRoomsPayload(type, object, limits, message);
            return object.raw_json().get(early) ? wrong("The message is not JSON") : JsonProblem();
        });
    if (problem)
        return problem;
    if (!isAtEnd(document))
        return wrong("The message is not one JSON object");
    if (type.isEmpty())
        return wrong("t is missing");
    if (!hasPayload)
        return wrong("payload is missing");
    if (early.empty())
        return {};
    payload.assign(view(early));
    ondemand::document inner;
    ondemand::object object;
    if (payloadParser.iterate(payload.padded()).get(inner) || inner.get_object().get(object))
        return wrong("payload must be an object");
    return readRoomsPayload(type, object, limits, message);
}

RoomsDecoder::RoomsDecoder(const ClientLimits &limits)
    : d(std::make_unique<Private>())
{
    d->limits = limits;
}

RoomsDecoder::~RoomsDecoder() = default;

void RoomsDecoder::setLimits(const ClientLimits &limits) { d->limits = limits; }

QByteArrayView RoomsDecoder::lastType() const { return d->type; }

Result<ClientMessage> RoomsDecoder::decode(QByteArrayView frame)
{
    d->type = {};
    d->hasPayload = false;
    d->frame.assign(frame);
    ClientMessage message;
    if (const JsonProblem problem = d->readFrame(message))
        return Error{problem.code, QString::fromLatin1(problem.what),
                     QString::fromLatin1(problem.what)};
    return message;
}

} // namespace Rollcall
