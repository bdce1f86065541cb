// SPDX-FileCopyrightText: 2026 The Rollcall contributors
// SPDX-License-Identifier: MIT
#include "plugins/presence/presencemetrics.h"

namespace Rollcall::Presence {

namespace {

const std::vector<double> kSizes{1, 10, 100, 1000, 10000, 100000};
const std::vector<double> kSeconds{0.001, 0.005, 0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5};

} // namespace

PresenceMetrics::PresenceMetrics(Metrics &metrics)
    : online(metrics.gauge("presence_online_total", "Users with a membership on this node"))
    , memberships(metrics.gauge("presence_memberships",
                                "Memberships of this node, those in grace included"))
    , heartbeats(metrics.counter("presence_heartbeat_received_total",
                                 "Proofs of life that renewed a membership"))
    , expired(metrics.counter("presence_ttl_expired_total",
                              "Memberships that ended because their TTL ran out"))
    , gracesPending(metrics.gauge("presence_graces_pending",
                                  "Memberships whose connection is lost, in grace"))
    , gracesCancelled(metrics.counter("presence_graces_cancelled_total",
                                      "Graces ended by the user coming back"))
    , sweepLag(metrics.gauge("presence_sweep_lag_seconds",
                             "How late the last sweep for expired memberships ran"))
    , flushSize(metrics.histogram("presence_flush_users",
                                  "Users written in one flush of heartbeats", kSizes))
    , flushDuration(metrics.histogram("presence_flush_seconds",
                                      "From a flush's first write to its last reply", kSeconds))
    , flushCommands(metrics.counter("presence_flush_commands_total",
                                    "Redis commands that keep users' keys alive"))
    , commandsPerHeartbeat(metrics.gauge("presence_redis_commands_per_heartbeat",
                                         "presence_flush_commands_total per heartbeat, since the "
                                         "start of the node"))
    , updateLatency(metrics.histogram("presence_update_latency_seconds",
                                      "From a join, leave or change on this node to Redis' "
                                      "answer, when every node can know",
                                      kSeconds))
    , resyncDuration(metrics.histogram("presence_resync_seconds",
                                       "From the first write to the last reply of a resync",
                                       kSeconds))
    , recreated(metrics.counter("presence_keys_recreated_total",
                                "Users whose key had vanished from Redis"))
    , reaped(metrics.counter("presence_reaped_members_total",
                             "Members of dead nodes that this node removed"))
    , storeErrors(metrics.counter("presence_store_errors_total",
                                  "Commands that Redis answered with an error"))
    , publishes(metrics.counter("presence_room_publishes_total",
                                "PUBLISHes of rooms' messages to other nodes, each a turn's worth"))
    , gaps(metrics.counter("presence_event_gaps_total",
                           "Times that messages of another node had got lost"))
{ }

} // namespace Rollcall::Presence
