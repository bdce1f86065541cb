// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/protocol/clientmessage.h"
#include "core/protocol/errorcode.h"

#include <QByteArrayView>

#include <simdjson.h>

#include <cmath>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

namespace Rollcall {

// How the decoders of this folder read JSON: every field of an object once, with the first problem
// as the answer.

/// Why a message is refused. `what` is a literal that the peer may read.
struct JsonProblem
{
    ErrorCode code = ErrorCode::BadRequest;
    const char *what = nullptr;

    explicit operator bool() const { return what != nullptr; }
};

inline JsonProblem wrong(const char *what) { return {ErrorCode::BadRequest, what}; }
inline JsonProblem outOfRange(const char *what) { return {ErrorCode::OutOfRange, what}; }

using JsonValue = simdjson::ondemand::value;

inline QByteArrayView view(std::string_view text) { return {text.data(), qsizetype(text.size())}; }

/// A copy of a text with the padding that simdjson reads beyond its end.
class PaddedText
{
public:
    void assign(QByteArrayView text)
    {
        m_size = size_t(text.size());
        if (m_buffer.size() < m_size + simdjson::SIMDJSON_PADDING)
            m_buffer.resize(m_size + simdjson::SIMDJSON_PADDING);
        if (m_size > 0)
            std::memcpy(m_buffer.data(), text.data(), m_size);
        std::memset(m_buffer.data() + m_size, 0, simdjson::SIMDJSON_PADDING);
    }
    simdjson::padded_string_view padded() const
    {
        return simdjson::padded_string_view(m_buffer.data(), m_size, m_buffer.size());
    }

private:
    std::vector<char> m_buffer;
    size_t m_size = 0;
};

/// Nothing follows what was read. Only meaningful when reading succeeded.
inline bool isAtEnd(simdjson::ondemand::document &document)
{
    return document.current_location().error() == simdjson::OUT_OF_BOUNDS;
}

/// Calls `read(key, value)` for every field that is not null, until one is refused.
template <typename Read>
JsonProblem eachField(simdjson::ondemand::object object, Read &&read)
{
    for (auto field : object) {
        std::string_view key;
        JsonValue value;
        if (field.unescaped_key().get(key) || field.value().get(value))
            return wrong("The message is not JSON");
        bool isNull = false;
        if (value.is_null().get(isNull))
            return wrong("The message is not JSON");
        if (isNull)
            continue;
        if (const JsonProblem problem = read(key, value))
            return problem;
    }
    return {};
}

inline JsonProblem readText(JsonValue &value, QByteArrayView &text, const char *what)
{
    std::string_view found;
    if (value.get_string().get(found))
        return wrong(what);
    text = view(found);
    return {};
}

inline JsonProblem readNumber(JsonValue &value, double &number, double limit, const char *what)
{
    if (value.get_double().get(number))
        return wrong(what);
    if (!std::isfinite(number) || std::abs(number) > limit)
        return outOfRange(what);
    return {};
}

inline JsonProblem readBool(JsonValue &value, bool &flag, const char *what)
{
    return value.get_bool().get(flag) ? wrong(what) : JsonProblem();
}

/// Reads the fields of a movement; false when `key` is none of them.
inline bool readTransformField(std::string_view key, JsonValue &value, Transform &transform,
                               double limit, unsigned &seen, JsonProblem &problem)
{
    enum : unsigned { Seq = 1, X = 2, Y = 4, Z = 8, RotY = 16, Animation = 32, Speaking = 64 };
    if (key == "seq") {
        seen |= Seq;
        uint64_t number = 0;
        if (value.get_uint64().get(number))
            problem = wrong("seq must be a whole number from 0");
        transform.seq = number;
    } else if (key == "x") {
        seen |= X;
        problem = readNumber(value, transform.x, limit, "x must be a number within its limits");
    } else if (key == "y") {
        seen |= Y;
        problem = readNumber(value, transform.y, limit, "y must be a number within its limits");
    } else if (key == "z") {
        seen |= Z;
        problem = readNumber(value, transform.z, limit, "z must be a number within its limits");
    } else if (key == "rotY") {
        seen |= RotY;
        problem =
            readNumber(value, transform.rotY, limit, "rotY must be a number within its limits");
    } else if (key == "anim") {
        seen |= Animation;
        QByteArrayView name;
        problem = readText(value, name, "anim must be a text");
        if (const auto animation = animationFromName(name); !problem && animation)
            transform.animation = *animation;
        else if (!problem)
            problem = outOfRange("anim must be idle, walk, dance or wave");
    } else if (key == "speaking") {
        seen |= Speaking;
        problem = readBool(value, transform.speaking, "speaking must be true or false");
    } else {
        return false;
    }
    return true;
}
inline constexpr unsigned kWholeTransform = 127;

} // namespace Rollcall
