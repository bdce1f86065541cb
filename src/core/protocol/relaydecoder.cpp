// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "core/protocol/relaydecoder.h"

#include "core/protocol/jsonreader_p.h"
#include "core/protocol/wireid.h"

namespace Rollcall {

namespace {

using namespace simdjson;

/// Finite is enough: the sender's node has applied its own limits.
constexpr double kAnyCoordinate = 1e300;

struct Fields
{
    QByteArrayView room;
    QByteArrayView user;
    QByteArrayView text;
    QByteArrayView messageId;
    QByteArrayView emote;
    Transform transform;
    unsigned seen = 0;
};

JsonProblem readFields(ondemand::object object, Fields &fields)
{
    return eachField(object, [&](std::string_view key, JsonValue &value) -> JsonProblem {
        JsonProblem problem;
        if (readTransformField(key, value, fields.transform, kAnyCoordinate, fields.seen, problem))
            return problem;
        if (key == "roomId")
            return readText(value, fields.room, "roomId");
        if (key == "userId")
            return readText(value, fields.user, "userId");
        if (key == "text")
            return readText(value, fields.text, "text");
        if (key == "messageId")
            return readText(value, fields.messageId, "messageId");
        if (key == "emoteId")
            return readText(value, fields.emote, "emoteId");
        return {};
    });
}

} // namespace

struct RelayDecoder::Private
{
    ondemand::parser parser;
    ondemand::parser payloadParser;
    dom::parser checker;
    PaddedText frame;
    PaddedText payload;

    bool readEnvelope(QByteArrayView text, std::string_view &type, std::string_view &raw);
};

bool RelayDecoder::Private::readEnvelope(QByteArrayView text, std::string_view &type,
                                         std::string_view &raw)
{
    frame.assign(text);
    ondemand::document document;
    ondemand::object envelope;
    if (parser.iterate(frame.padded()).get(document) || document.get_object().get(envelope))
        return false;
    const JsonProblem problem =
        eachField(envelope, [&](std::string_view key, JsonValue &value) -> JsonProblem {
            if (key == "t")
                return value.get_string().get(type) ? wrong("t") : JsonProblem();
            ondemand::object object;
            if (key != "payload")
                return {};
            return value.get_object().get(object) || object.raw_json().get(raw) ? wrong("payload")
                                                                                : JsonProblem();
        });
    return !problem && isAtEnd(document) && !type.empty() && !raw.empty();
}

RelayDecoder::RelayDecoder()
    : d(std::make_unique<Private>())
{ }

RelayDecoder::~RelayDecoder() = default;

std::optional<RelayedEvent> RelayDecoder::decode(QByteArrayView frame)
{
    std::string_view type;
    std::string_view raw;
    if (!simdjson::validate_utf8(frame.data(), size_t(frame.size()))
        || !d->readEnvelope(frame, type, raw))
        return std::nullopt;
    const bool isTransform = type == "avatar_transform_broadcast";
    const bool isChat = type == "chat_broadcast";
    if (!isTransform && !isChat && type != "emote_broadcast") {
        dom::element element;
        if (!isValidId(view(type)) || d->checker.parse(raw.data(), raw.size()).get(element))
            return std::nullopt;
        return OtherEvent{view(type), view(raw).trimmed()};
    }
    d->payload.assign(view(raw));
    ondemand::document document;
    ondemand::object object;
    Fields fields;
    if (d->payloadParser.iterate(d->payload.padded()).get(document)
        || document.get_object().get(object) || readFields(object, fields)
        || !isValidId(fields.user))
        return std::nullopt;
    if (isTransform && fields.seen == kWholeTransform)
        return TransformEvent{fields.user, fields.transform};
    if (isChat && !fields.text.isEmpty())
        return ChatEvent{fields.room, fields.user, fields.text, fields.messageId};
    if (!isTransform && !isChat && isValidId(fields.emote))
        return EmoteEvent{fields.room, fields.user, fields.emote};
    return std::nullopt;
}

std::optional<Transform> RelayDecoder::decodeTransform(QByteArrayView text)
{
    d->frame.assign(text);
    ondemand::document document;
    ondemand::object object;
    Fields fields;
    if (d->parser.iterate(d->frame.padded()).get(document) || document.get_object().get(object)
        || readFields(object, fields) || fields.seen != kWholeTransform || !isAtEnd(document))
        return std::nullopt;
    return fields.transform;
}

} // namespace Rollcall
