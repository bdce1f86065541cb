// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/protocol/wireid.h"
#include "core/services/httpservice.h"

#include <cmath>
#include <functional>
#include <memory>

namespace Rollcall::Moderation {

/// An id in a JSON body, a text or a whole number; null if it is neither, or no id.
inline UserId userIdFrom(const QJsonValue &value)
{
    const double number = value.toDouble();
    const bool isWhole =
        value.isDouble() && std::trunc(number) == number && std::abs(number) < 9e15;
    const QByteArray id =
        isWhole ? QByteArray::number(value.toInteger()) : value.toString().toUtf8();
    return isValidId(id) ? UserId(id) : UserId();
}

/// Answers a command: with `success`, or the problem.
inline std::function<void(const Result<void> &)> answerTo(HttpResponder responder,
                                                          HttpResponse success)
{
    // A std::function must be copyable.
    auto answer = std::make_shared<HttpResponder>(std::move(responder));
    return [answer, success = std::move(success)](const Result<void> &result) {
        HttpResponse response = result ? success : HttpResponse::problem(result.error());
        if (response.status == 503)
            response.headers.emplaceBack("Retry-After", "1");
        answer->send(std::move(response));
    };
}

} // namespace Rollcall::Moderation
