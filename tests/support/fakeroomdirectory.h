// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "core/services/roomdirectory.h"

#include <QPointer>

#include <map>
#include <utility>

namespace Rollcall {

/// A RoomDirectory that lets everybody into every room but those that a test has named.
class FakeRoomDirectory : public RoomDirectory
{
public:
    using RoomDirectory::RoomDirectory;

    std::map<RoomId, ErrorCode> refused;
    std::vector<AdmissionRequest> requests;
    bool holdsAnswers = false; ///< until finishAnswers()

    const RoomDefinition *find(const RoomId &) const override { return nullptr; }
    std::vector<RoomDefinition> rooms() const override { return {}; }
    void admit(const AdmissionRequest &request, QObject *context, AdmissionCallback done) override
    {
        requests.push_back(request);
        const auto refusal = refused.find(request.room);
        Result<void> result;
        if (refusal != refused.end())
            result = Error{refusal->second, {}, {}};
        if (holdsAnswers)
            m_held.push_back({context, std::move(done), result});
        else
            done(result);
    }
    void finishAnswers()
    {
        for (const Held &held : std::exchange(m_held, {})) {
            if (held.context)
                held.done(held.result);
        }
    }

private:
    struct Held
    {
        QPointer<QObject> context;
        AdmissionCallback done;
        Result<void> result;
    };
    std::vector<Held> m_held;
};

} // namespace Rollcall
