// Written by `npm run generate` from openapi.json and asyncapi.json: do not edit.
export interface components {
    schemas: {
        /** @description A frame was not accepted. */
        ErrorFrame: {
            /** @constant */
            type: "error";
            code: ("VALIDATION_ERROR" | "UNAUTHORIZED" | "FORBIDDEN" | "EMAIL_NOT_VERIFIED" | "STEP_UP_REQUIRED" | "NOT_FOUND" | "METHOD_NOT_ALLOWED" | "CONFLICT" | "PEER_AWAY" | "PAYLOAD_TOO_LARGE" | "UNSUPPORTED_MEDIA_TYPE" | "ACCOUNT_LOCKED" | "RATE_LIMITED" | "INTERNAL_ERROR" | "BAD_GATEWAY" | "SERVICE_UNAVAILABLE" | "GATEWAY_TIMEOUT") | "SERVICE_DEGRADED";
            message: string;
            id?: string;
        };
        Message: {
            /** Format: uuid */
            message_id: string;
            /** Format: uuid */
            conversation_id: string;
            /** Format: uuid */
            sender_id: string;
            content: string;
            is_encrypted: boolean;
            /** @enum {string} */
            message_type: "text" | "image" | "video" | "file";
            metadata: {
                [key: string]: unknown;
            };
            client_message_id?: string;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            edited_at?: string;
            /** Format: date-time */
            deleted_at?: string;
            reactions?: {
                emoji: string;
                user_ids: string[];
            }[];
        };
        AdminAuditEntry: {
            sequence: number;
            /** Format: uuid */
            entry_id: string;
            /** Format: date-time */
            recorded_at: string;
            /** @enum {string} */
            action: "registered" | "signed_in" | "sign_in_failed" | "signed_out" | "refresh_token_reused" | "sessions_ended" | "password_reset_requested" | "password_reset" | "profile_changed" | "user_blocked" | "user_unblocked" | "stepped_up" | "identity_linked" | "identity_unlinked" | "user_disabled" | "user_enabled" | "role_changed" | "audit_exported" | "drill_begun" | "drill_ended" | "friend_requested" | "friend_added" | "friend_removed" | "device_keys_added" | "email_verified" | "password_changed" | "email_change_requested" | "email_changed" | "email_change_undone" | "account_deletion_requested" | "account_deletion_cancelled" | "passkey_added" | "passkey_renamed" | "passkey_removed" | "second_factor_added" | "second_factor_removed" | "second_factors_reset" | "recovery_codes_replaced" | "recovery_code_used" | "data_export_requested" | "data_export_link_created";
            user_id: string | null;
            /** @enum {string} */
            actor: "user" | "admin" | "operator" | "anonymous";
            actor_id: string | null;
            /** @enum {string} */
            mode: "normal" | "degraded" | "unknown";
            details: {
                [key: string]: string | number | boolean;
            };
        };
        AdminUser: {
            /** Format: uuid */
            user_id: string;
            username: string;
            display_name: string;
            avatar_url?: string;
            /** @enum {string} */
            status: "online" | "offline" | "busy" | "away";
            /** Format: date-time */
            created_at: string;
            /** Format: email */
            email: string;
            email_verified: boolean;
            role: string;
            disabled_at: string | null;
            live_sessions: number;
        };
        Block: {
            /** Format: uuid */
            user_id: string;
            /** Format: date-time */
            created_at: string;
        };
        Call: {
            /** Format: uuid */
            call_id: string;
            /** @enum {string} */
            call_type: "audio" | "video";
            /**
             * @description `mesh`: each peer connects to each other one, at most four; `sfu`: all connect to a LiveKit server.
             * @enum {string}
             */
            topology: "mesh" | "sfu";
            /** Format: uuid */
            conversation_id: string;
            /**
             * Format: uuid
             * @description The user who called.
             */
            caller_id: string;
            /**
             * Format: uuid
             * @description The user who may control the call: at first the caller.
             */
            host_id: string;
            /** @description Whether nobody else may join. */
            locked: boolean;
            /** @enum {string} */
            status: "ringing" | "active" | "ended" | "missed" | "declined";
            participants: {
                /** Format: uuid */
                user_id: string;
                /** @enum {string} */
                state: "ringing" | "joined" | "left" | "declined" | "missed" | "removed";
            }[];
            /** @description Only in replies of initiate and join; empty in others. GET …/ice-servers renews them. */
            ice_servers: components["schemas"]["IceServer"][];
            sfu?: components["schemas"]["SfuAccess"];
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            answered_at?: string;
            /** Format: date-time */
            ended_at?: string;
            /**
             * @description `no_answer`: nobody answered for 30 s; `busy`: everybody who was called was in another call; `declined`: nobody who was called wants to answer; `cancelled`: the caller ended it before it was answered; `everyone_left`: fewer than two were left; `connection_lost`: the last user but one had no signaling socket for 30 s, or nobody had one for two minutes; `out_of_reach`: one of the two has blocked the other.
             * @enum {string}
             */
            end_reason?: "no_answer" | "busy" | "declined" | "cancelled" | "ended_by_host" | "everyone_left" | "connection_lost" | "out_of_reach";
        };
        Conversation: {
            /** Format: uuid */
            conversation_id: string;
            /** @enum {string} */
            type: "direct" | "group";
            title?: string;
            /** Format: uuid */
            created_by: string;
            participants: components["schemas"]["Participant"][];
            settings: {
                [key: string]: unknown;
            };
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            updated_at: string;
        };
        DataExport: {
            /** Format: uuid */
            export_id: string;
            /** @enum {string} */
            state: "preparing" | "ready";
            /** Format: date-time */
            requested_at: string;
            ready_at: string | null;
            /** Format: date-time */
            expires_at: string;
        };
        DataExportLink: {
            download_path: string;
            /** Format: date-time */
            expires_at: string;
        };
        DeletionRequested: {
            /** Format: date-time */
            deletion_begins_at: string;
        };
        DeviceKeyStatus: {
            /** Format: uuid */
            device_id: string;
            signed_pre_key_id: number;
            /** Format: date-time */
            signed_pre_key_set_at: string;
            /** @description One-time pre-keys in stock. */
            one_time_keys: number;
            /** @description Upload one-time pre-keys soon. */
            is_low: boolean;
            /** @description Give higher ids to new keys. */
            last_one_time_key_id: number;
        };
        DeviceSession: {
            /** Format: uuid */
            session_id: string;
            device_name: string | null;
            agent: string | null;
            address: string | null;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            last_seen_at: string;
            /** Format: date-time */
            expires_at: string;
            /** @description Whether it is the session of this request. */
            current: boolean;
        };
        Drill: {
            /** Format: uuid */
            drill_id: string;
            services: string[];
            instance: string | null;
            dependency: string;
            port: string | null;
            /** Format: date-time */
            begun_at: string;
            /** Format: date-time */
            ends_at: string;
            ended_at: string | null;
        };
        Failure: {
            /** @constant */
            success: false;
            error: {
                /** @enum {string} */
                code: "VALIDATION_ERROR" | "UNAUTHORIZED" | "FORBIDDEN" | "EMAIL_NOT_VERIFIED" | "STEP_UP_REQUIRED" | "NOT_FOUND" | "METHOD_NOT_ALLOWED" | "CONFLICT" | "PEER_AWAY" | "PAYLOAD_TOO_LARGE" | "UNSUPPORTED_MEDIA_TYPE" | "ACCOUNT_LOCKED" | "RATE_LIMITED" | "INTERNAL_ERROR" | "BAD_GATEWAY" | "SERVICE_UNAVAILABLE" | "GATEWAY_TIMEOUT";
                message: string;
                details?: {
                    field: string;
                    message: string;
                }[];
            };
            meta: components["schemas"]["Meta"];
        };
        File: {
            /** Format: uuid */
            file_id: string;
            file_name: string;
            file_size: number;
            content_type: string;
            /** @enum {string} */
            status: "pending" | "uploaded" | "deleted";
            /** Format: date-time */
            created_at: string;
        };
        FileShare: {
            /** Format: uuid */
            file_id: string;
            /** Format: uuid */
            conversation_id: string;
            shared: boolean;
        };
        FleetTable: {
            degraded: boolean;
            instances: {
                service: string;
                instance: string | null;
                /** @enum {string} */
                state: "normal" | "degraded" | "unreachable";
                reason?: string;
                /** Format: date-time */
                since?: string;
                /** Format: date-time */
                drill_ends_at?: string;
                port_drills?: {
                    [key: string]: string;
                };
            }[];
            rows: {
                service: string;
                route: string;
                operation: string;
                instances: {
                    normal: number;
                    fail_closed: number;
                    fail_open: number;
                };
                ports: {
                    [key: string]: string;
                };
                used?: {
                    [key: string]: number;
                };
            }[];
        };
        Friendship: {
            /** Format: uuid */
            user_id: string;
            /** @enum {string} */
            state: "requested" | "friends";
            /** Format: date-time */
            since: string;
        };
        HealthReport: {
            /** @enum {string} */
            status: "ready" | "not_ready";
            service: string;
            /** @enum {string} */
            redis?: "ok" | "degraded";
            redis_reason?: string;
        } & {
            [key: string]: unknown;
        };
        IceServer: {
            urls: string[];
            username?: string;
            credential?: string;
        };
        IceServers: {
            ice_servers: components["schemas"]["IceServer"][];
            /** @description Seconds until the credential is refused. */
            expires_in: number;
            /** @description Seconds after which to ask again. */
            renew_in: number;
        };
        InboxEntry: {
            /** Format: uuid */
            conversation_id: string;
            last_message?: components["schemas"]["Message"];
            unread_count: number;
        };
        InboxPage: {
            inbox: components["schemas"]["InboxEntry"][];
            next_page_state: string | null;
            has_more: boolean;
        };
        KeyBundle: {
            /** Format: uuid */
            device_id: string;
            /** @description X25519. */
            identity_key: string;
            /** @description Ed25519. */
            signing_key: string;
            /** @description Of the identity key, by the signing key. */
            identity_signature: string;
            /** @description X25519, signed by the signing key. */
            signed_pre_key: components["schemas"]["SignedPreKey"];
            one_time_pre_key: components["schemas"]["OneTimePreKey"] | null;
        };
        KubernetesEvent: {
            /** @default {} */
            metadata?: {
                /** @description Name of the event */
                name?: unknown;
                namespace?: string | null;
                /** @description UID of the event */
                uid?: unknown;
                /** @description Strings by name */
                labels?: unknown;
            };
            involvedObject: {
                kind: string;
                name: string;
                namespace?: string | null;
                /** @description UID of the object */
                uid?: unknown;
            };
            reason: string;
            /** @description For people */
            message?: unknown;
            /** @description Normal or Warning */
            type?: unknown;
            lastTimestamp?: unknown;
            eventTime?: unknown;
            firstTimestamp?: unknown;
            /** @description Component that reported the event */
            source?: unknown;
        };
        LinkedIdentities: {
            identities: components["schemas"]["LinkedIdentity"][];
        };
        LinkedIdentity: {
            /** Format: uuid */
            identity_id: string;
            provider: string;
            /** Format: date-time */
            linked_at: string;
            /** Format: date-time */
            last_used_at: string;
        };
        LiveTable: {
            service: string;
            /** @enum {string} */
            redis: "unknown" | "available" | "unavailable" | "recovering" | "not_used";
            degraded: boolean;
            fleet?: components["schemas"]["FleetTable"];
            reason?: string;
            /** Format: date-time */
            since?: string;
            instance: string;
            /** Format: date-time */
            drill_ends_at?: string;
            port_drills?: {
                [key: string]: string;
            };
            dependencies?: {
                [key: string]: {
                    /** @enum {string} */
                    state: "unknown" | "available" | "unavailable" | "recovering";
                    /** @enum {string} */
                    breaker: "closed" | "open" | "half_open";
                    degraded: boolean;
                    reason?: string;
                    /** Format: date-time */
                    since?: string;
                };
            };
            rows: {
                route: string;
                operation: string;
                /** @enum {string} */
                mode: "normal" | "fail_closed" | "fail_open";
                ports: {
                    [key: string]: string;
                };
                backed_by?: {
                    [key: string]: string;
                };
                used?: {
                    [key: string]: number;
                };
            }[];
        };
        LocalLimitReached: {
            /** @constant */
            error: "Rate limit exceeded";
            /** @constant */
            mode: "degraded";
        };
        MessagePage: {
            messages: components["schemas"]["Message"][];
            next_page_state: string | null;
            has_more: boolean;
        };
        Meta: {
            /** Format: date-time */
            timestamp: string;
            request_id: string;
            degraded?: string[];
        };
        MultipartTarget: {
            /** Format: uuid */
            file_id: string;
            part_size: number;
            part_count: number;
            /** Format: date-time */
            expires_at: string;
        };
        OidcProviders: {
            providers: {
                provider: string;
                name: string;
            }[];
        };
        OidcStarted: {
            authorization_url: string;
            browser_secret: string;
            expires_in: number;
        };
        OneTimePreKey: {
            key_id: number;
            public_key: string;
        };
        OutboxEffect: {
            /** Format: uuid */
            effect_id: string;
            kind: string;
            tries: number;
            last_error: string | null;
            /** Format: date-time */
            created_at: string;
            due_at: string | null;
            given_up_at: string | null;
        };
        OutboxReport: {
            waiting: {
                count: number;
                effects: components["schemas"]["OutboxEffect"][];
            };
            given_up: {
                count: number;
                effects: components["schemas"]["OutboxEffect"][];
            };
        };
        OwnAuditEntry: {
            /** Format: uuid */
            entry_id: string;
            /** Format: date-time */
            recorded_at: string;
            /** @enum {string} */
            action: "registered" | "signed_in" | "sign_in_failed" | "signed_out" | "refresh_token_reused" | "sessions_ended" | "password_reset_requested" | "password_reset" | "profile_changed" | "user_blocked" | "user_unblocked" | "stepped_up" | "identity_linked" | "identity_unlinked" | "user_disabled" | "user_enabled" | "role_changed" | "audit_exported" | "drill_begun" | "drill_ended" | "friend_requested" | "friend_added" | "friend_removed" | "device_keys_added" | "email_verified" | "password_changed" | "email_change_requested" | "email_changed" | "email_change_undone" | "account_deletion_requested" | "account_deletion_cancelled" | "passkey_added" | "passkey_renamed" | "passkey_removed" | "second_factor_added" | "second_factor_removed" | "second_factors_reset" | "recovery_codes_replaced" | "recovery_code_used" | "data_export_requested" | "data_export_link_created";
            /** @enum {string} */
            actor: "user" | "admin" | "operator" | "anonymous";
            session_id: string | null;
            address: string | null;
            agent: string | null;
            /** @enum {string} */
            mode: "normal" | "degraded" | "unknown";
            details: {
                [key: string]: string | number | boolean;
            };
        };
        OwnUser: {
            /** Format: uuid */
            user_id: string;
            username: string;
            display_name: string;
            avatar_url?: string;
            /** @enum {string} */
            status: "online" | "offline" | "busy" | "away";
            /** Format: date-time */
            created_at: string;
            /** Format: email */
            email: string;
            email_verified: boolean;
            /** @enum {string} */
            role: "user" | "admin";
        };
        PartTarget: {
            upload_url: string;
            /** @constant */
            method: "PUT";
            headers: {
                [key: string]: string;
            };
            /** Format: date-time */
            expires_at: string;
        };
        Participant: {
            /** Format: uuid */
            user_id: string;
            /** @enum {string} */
            role: "owner" | "admin" | "member";
            /** Format: date-time */
            joined_at: string;
        };
        Passkey: {
            /** Format: uuid */
            passkey_id: string;
            /** @description Shown in the list of passkeys. Default: derived from the User-Agent. */
            name: string;
            /** Format: date-time */
            created_at: string;
            last_used_at: string | null;
            /** @description Whether a copy is kept outside of the device, as of its last use. */
            backed_up: boolean;
        };
        PasskeyCreationStarted: {
            public_key: {
                challenge: string;
                rp: {
                    id: string;
                    name: string;
                };
                user: {
                    id: string;
                    name: string;
                    displayName: string;
                };
                pubKeyCredParams: {
                    /** @description A COSE algorithm. */
                    alg: number;
                    /** @constant */
                    type: "public-key";
                }[];
                /** @description Milliseconds. */
                timeout: number;
                /** @constant */
                attestation: "none";
                excludeCredentials: {
                    id: string;
                    /** @constant */
                    type: "public-key";
                    transports: string[];
                }[];
                authenticatorSelection: {
                    /** @constant */
                    residentKey: "required";
                    /** @constant */
                    requireResidentKey: true;
                    /** @constant */
                    userVerification: "required";
                };
            };
            expires_in: number;
        };
        PasskeyRequestStarted: {
            public_key: {
                challenge: string;
                rpId: string;
                /** @description Milliseconds. */
                timeout: number;
                /** @constant */
                userVerification: "required";
                allowCredentials: {
                    id: string;
                    /** @constant */
                    type: "public-key";
                    transports: string[];
                }[];
            };
            expires_in: number;
        };
        Passkeys: {
            passkeys: components["schemas"]["Passkey"][];
        };
        PastCall: {
            /** Format: uuid */
            call_id: string;
            /** @enum {string} */
            call_type: "audio" | "video";
            /**
             * @description `mesh`: each peer connects to each other one, at most four; `sfu`: all connect to a LiveKit server.
             * @enum {string}
             */
            topology: "mesh" | "sfu";
            /** Format: uuid */
            conversation_id: string;
            /**
             * Format: uuid
             * @description The user who called.
             */
            caller_id: string;
            /**
             * Format: uuid
             * @description The user who may control the call: at first the caller.
             */
            host_id: string;
            /** @description Whether nobody else may join. */
            locked: boolean;
            /** @enum {string} */
            status: "ringing" | "active" | "ended" | "missed" | "declined";
            participants: {
                /** Format: uuid */
                user_id: string;
                /** @enum {string} */
                state: "ringing" | "joined" | "left" | "declined" | "missed" | "removed";
            }[];
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            answered_at?: string;
            /** Format: date-time */
            ended_at?: string;
            /**
             * @description `no_answer`: nobody answered for 30 s; `busy`: everybody who was called was in another call; `declined`: nobody who was called wants to answer; `cancelled`: the caller ended it before it was answered; `everyone_left`: fewer than two were left; `connection_lost`: the last user but one had no signaling socket for 30 s, or nobody had one for two minutes; `out_of_reach`: one of the two has blocked the other.
             * @enum {string}
             */
            end_reason?: "no_answer" | "busy" | "declined" | "cancelled" | "ended_by_host" | "everyone_left" | "connection_lost" | "out_of_reach";
        };
        Pin: {
            message: components["schemas"]["Message"];
            /** Format: uuid */
            pinned_by: string;
            /** Format: date-time */
            pinned_at: string;
        };
        Presence: {
            /** Format: uuid */
            user_id: string;
            /** @enum {string} */
            status: "online" | "offline";
            /** Format: date-time */
            last_seen?: string;
        };
        PushToken: {
            /** Format: uuid */
            token_id: string;
            /**
             * @description `web`: a subscription of a browser; `fcm`: Firebase Cloud Messaging; `apns`: Apple Push Notification service.
             * @enum {string}
             */
            kind: "web" | "fcm" | "apns";
            /** @description Whether it belongs to the session of the request. */
            current: boolean;
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            renewed_at: string;
            /**
             * Format: date-time
             * @description Register the token again before, such as at each start of the app.
             */
            expires_at: string;
        };
        PushTokens: {
            tokens: components["schemas"]["PushToken"][];
        };
        QualitySummary: {
            /**
             * @description connectionState of the connection.
             * @enum {string}
             */
            state: "new" | "connecting" | "connected" | "disconnected" | "failed" | "closed";
            /** @description From the answer of the call (the reply of accept or join, or call_answered) to the first media of the peer. Absent while there is none. */
            setup_ms?: number;
            /** @description Whether media of the peer came, then stopped, and did not come back. */
            media_lost: boolean;
            /** @enum {string} */
            local_candidate_type?: "host" | "srflx" | "prflx" | "relay";
            /** @enum {string} */
            remote_candidate_type?: "host" | "srflx" | "prflx" | "relay";
            /**
             * @description How the local relay candidate reaches the TURN server.
             * @enum {string}
             */
            relay_protocol?: "udp" | "tcp" | "tls";
            /** @description Round trip of the selected pair. */
            round_trip_ms?: number;
            /** @description The largest jitter of the received streams. */
            jitter_ms?: number;
            /** @description Packets of media sent. */
            packets_sent?: number;
            /** @description Of these, lost, as the peer reports. */
            packets_sent_lost?: number;
            /** @description Packets of media received. */
            packets_received?: number;
            /** @description Packets of media that did not arrive. */
            packets_received_lost?: number;
            /** @description Frames of video decoded. */
            frames_decoded?: number;
            /** @description How often received video stood still (freezeCount). */
            freezes?: number;
            /** @description ICE restarts. */
            ice_restarts?: number;
            /** @description How often the connection was lost and came back. */
            reconnects?: number;
        };
        Receipt: {
            /** Format: uuid */
            user_id: string;
            /** Format: uuid */
            read_message_id: string;
        };
        ReceivedPart: {
            part_number: number;
            size: number;
            etag: string;
        };
        RecoveryCodesCreated: {
            recovery_codes: string[];
        };
        RemediationRequest: {
            name: string;
            namespace: string;
            signalFingerprint: string;
            signalName: string;
            severity: string;
            /** @enum {string} */
            environment: "prod" | "staging" | "dev" | "unknown";
            /** @enum {string} */
            priority: "P0" | "P1" | "P2" | "P3";
            /** @enum {string} */
            remediationPath: "aggressive" | "moderate" | "conservative" | "manual";
            /** @enum {string} */
            signalType: "prometheus-alert" | "kubernetes-event";
            signalSource: string;
            /** @constant */
            targetType: "kubernetes";
            /** Format: date-time */
            firingTime: string;
            /** Format: date-time */
            receivedTime: string;
            deduplication: {
                isDuplicate: boolean;
                /** Format: date-time */
                firstSeen: string;
                /** Format: date-time */
                lastSeen: string;
                occurrenceCount: number;
                previousRemediationRequestRef?: string;
            };
            isStorm: boolean;
            /** @enum {string} */
            stormType?: "rate" | "pattern";
            stormWindow?: string;
            stormAlertCount?: number;
            affectedResources?: string[];
            signalLabels: {
                [key: string]: string;
            };
            signalAnnotations: {
                [key: string]: string;
            };
            providerData: {
                [key: string]: string;
            };
            originalPayload: string;
            cutFields?: string[];
            status: {
                /** @enum {string} */
                overallPhase: "Pending" | "Resolved";
                /** Format: date-time */
                closedTime?: string;
            };
        };
        SecondFactorRequired: {
            /** @constant */
            second_factor_required: true;
            challenge: string;
            /** @description Seconds */
            expires_in: number;
        };
        SecondFactors: {
            /** @description Whether a sign-in needs a second factor */
            enabled: boolean;
            factors: {
                /** @constant */
                kind: "totp";
                /** Format: date-time */
                added_at: string;
                /** Format: date-time */
                last_used_at: string;
            }[];
            recovery_codes_left: number;
        };
        ServiceDegraded: {
            /** @constant */
            error: "SERVICE_DEGRADED";
            /** @constant */
            code: "redis_unavailable";
            /** @constant */
            mode: "degraded";
            message: string;
        };
        /** @description Only for calls with the topology sfu, and only in replies of initiate, accept and join. GET …/sfu-token makes a new one. */
        SfuAccess: {
            /** @description The server, as `Room.connect` takes it. */
            url: string;
            /** @description A token for the room of this call alone. */
            token: string;
            /** @description Seconds for which the token can be used to connect. */
            expires_in: number;
            /** @description A pseudonym of the user in this call, as LiveKit names them. */
            identity: string;
            /** @description Everybody who was called, and the caller. */
            participants: {
                /** Format: uuid */
                user_id: string;
                /** @description A pseudonym of the user in this call, as LiveKit names them. */
                identity: string;
            }[];
        };
        SignedPreKey: {
            key_id: number;
            public_key: string;
            signature: string;
        };
        SocketTicket: {
            ticket: string;
            expires_in: number;
        };
        SteppedUp: {
            /** Format: date-time */
            stepped_up_until: string;
        };
        Tokens: {
            user: components["schemas"]["OwnUser"];
            access_token: string;
            refresh_token: string;
            expires_in: number;
        };
        TotpEnrolment: {
            /** @description Base32, to be typed */
            secret: string;
            otpauth_uri: string;
            /** @description The address as a QR code */
            qr_svg: string;
            /** @description Seconds */
            expires_in: number;
        };
        UploadTarget: {
            /** Format: uuid */
            file_id: string;
            upload_url: string;
            /** @constant */
            method: "PUT";
            headers: {
                [key: string]: string;
            };
            /** Format: date-time */
            expires_at: string;
        };
        User: {
            /** Format: uuid */
            user_id: string;
            username: string;
            display_name: string;
            avatar_url?: string;
            /** @enum {string} */
            status: "online" | "offline" | "busy" | "away";
            /** Format: date-time */
            created_at: string;
        };
        VapidKey: {
            /** @description The applicationServerKey of PushManager.subscribe(). */
            public_key: string;
        };
        Routes: {
            /** @description List remediation requests, newest first */
            "GET /api/v1/remediation-requests": {
                query?: {
                    /** @enum {string} */
                    status?: "Pending" | "Resolved";
                    alertname?: string;
                    cursor?: string;
                    /** @default 20 */
                    limit?: number;
                };
                data: {
                    items: components["schemas"]["RemediationRequest"][];
                    next_cursor: string | null;
                };
            };
            /** @description List remediation requests, newest first, as an administrator */
            "GET /api/v1/admin/remediation-requests": {
                query?: {
                    /** @enum {string} */
                    status?: "Pending" | "Resolved";
                    alertname?: string;
                    cursor?: string;
                    /** @default 20 */
                    limit?: number;
                };
                data: {
                    items: components["schemas"]["RemediationRequest"][];
                    next_cursor: string | null;
                };
            };
            /** @description Get one remediation request */
            "GET /api/v1/remediation-requests/:name": {
                path: {
                    name: string;
                };
                data: components["schemas"]["RemediationRequest"];
            };
            /** @description Tell whether the Redis of the demo runs */
            "GET /console/demo/redis": {
                data: {
                    /** @description Whether Redis runs. */
                    is_running: boolean;
                };
            };
            /** @description Stop or start the Redis of the demo */
            "PUT /console/demo/redis": {
                body: {
                    /** @description Whether Redis runs. */
                    is_running: boolean;
                };
                data: {
                    /** @description Whether Redis runs. */
                    is_running: boolean;
                };
            };
            /** @description Create a user and log in */
            "POST /v1/auth/register": {
                body: {
                    /** Format: email */
                    email: string;
                    username: string;
                    /**
                     * Format: password
                     * @description 8 to 256 characters of any kind. Common, breached and personal passwords are refused.
                     */
                    password: string;
                    display_name: string;
                    /** @description Shown in the list of sessions. Default: derived from the User-Agent. */
                    device_name?: string;
                };
                data: components["schemas"]["Tokens"];
            };
            /** @description Log in with an e-mail address and a password */
            "POST /v1/auth/login": {
                body: {
                    /** Format: email */
                    email: string;
                    password: string;
                    /** @description Shown in the list of sessions. Default: derived from the User-Agent. */
                    device_name?: string;
                };
                data: components["schemas"]["Tokens"] | components["schemas"]["SecondFactorRequired"];
            };
            /** @description Exchange a refresh token for a new pair */
            "POST /v1/auth/refresh": {
                body: {
                    refresh_token: string;
                };
                data: components["schemas"]["Tokens"];
            };
            /** @description End this session and revoke its tokens at once */
            "POST /v1/auth/logout": {
                data: {
                    /** @constant */
                    logged_out: true;
                };
            };
            /** @description Get a ticket that opens one WebSocket within 30 s (?ticket=) */
            "POST /v1/ws/ticket": {
                data: components["schemas"]["SocketTicket"];
            };
            /** @description Mail a reset token; the reply is the same for unknown addresses */
            "POST /v1/auth/password-reset/request": {
                body: {
                    /** Format: email */
                    email: string;
                };
                data: {
                    /** @constant */
                    accepted: true;
                };
            };
            /** @description Set a new password; ends every session of the user */
            "POST /v1/auth/password-reset/confirm": {
                body: {
                    token: string;
                    /**
                     * Format: password
                     * @description 8 to 256 characters of any kind. Common, breached and personal passwords are refused.
                     */
                    new_password: string;
                };
                data: {
                    /** @constant */
                    password_changed: true;
                };
            };
            /** @description List your sessions with their devices, newest first */
            "GET /v1/users/me/sessions": {
                query?: {
                    /** @default 20 */
                    limit?: number;
                    cursor?: string;
                };
                data: {
                    sessions: components["schemas"]["DeviceSession"][];
                    next_cursor: string | null;
                    has_more: boolean;
                };
            };
            /** @description End all of your sessions except this one (idempotent) */
            "DELETE /v1/users/me/sessions": {
                data: {
                    ended: number;
                };
            };
            /** @description End one of your sessions (idempotent) */
            "DELETE /v1/users/me/sessions/:session_id": {
                path: {
                    /** Format: uuid */
                    session_id: string;
                };
                data: {
                    /** @constant */
                    ended: true;
                };
            };
            /** @description Block a user (idempotent) */
            "POST /v1/users/blocks": {
                body: {
                    /** Format: uuid */
                    user_id: string;
                };
                data: components["schemas"]["Block"];
            };
            /** @description List the users you have blocked, newest first */
            "GET /v1/users/blocks": {
                query?: {
                    /** @default 20 */
                    limit?: number;
                    cursor?: string;
                };
                data: {
                    blocks: components["schemas"]["Block"][];
                    next_cursor: string | null;
                    has_more: boolean;
                };
            };
            /** @description Unblock a user (idempotent) */
            "DELETE /v1/users/blocks/:user_id": {
                path: {
                    /** Format: uuid */
                    user_id: string;
                };
                data: {
                    /** @constant */
                    removed: true;
                };
            };
            /** @description Get your own user */
            "GET /v1/auth/profile": {
                data: components["schemas"]["OwnUser"];
            };
            /** @description Get your own user */
            "GET /v1/users/me": {
                data: components["schemas"]["OwnUser"];
            };
            /** @description Change your display name, picture or status */
            "PATCH /v1/users/me": {
                body: {
                    display_name?: string;
                    avatar_url?: string | null;
                    /** @enum {string} */
                    status?: "online" | "offline" | "busy" | "away";
                };
                data: components["schemas"]["OwnUser"];
            };
            /** @description Delete your account; every session ends at once */
            "DELETE /v1/users/me": {
                data: components["schemas"]["DeletionRequested"];
            };
            /** @description Find a user by e-mail address or by user name */
            "GET /v1/users/lookup": {
                query?: {
                    /** Format: email */
                    email?: string;
                    username?: string;
                };
                data: components["schemas"]["User"];
            };
            /** @description Get a user by id */
            "GET /v1/users/:user_id": {
                path: {
                    /** Format: uuid */
                    user_id: string;
                };
                data: components["schemas"]["User"];
            };
            /** @description List the OpenID providers that users can sign in with */
            "GET /v1/auth/oidc/providers": {
                data: components["schemas"]["OidcProviders"];
            };
            /** @description Begin to sign in with an OpenID provider */
            "POST /v1/auth/oidc/start": {
                body: {
                    provider: string;
                };
                data: components["schemas"]["OidcStarted"];
            };
            /** @description Finish to sign in with an OpenID provider */
            "POST /v1/auth/oidc/finish": {
                body: {
                    browser_secret: string;
                    callback_url: string;
                    /** @description Shown in the list of sessions. Default: derived from the User-Agent. */
                    device_name?: string;
                };
                data: components["schemas"]["Tokens"] | components["schemas"]["SecondFactorRequired"];
            };
            /** @description List the sign-ins at OpenID providers that open your account */
            "GET /v1/users/me/identities": {
                data: components["schemas"]["LinkedIdentities"];
            };
            /** @description Begin to link a sign-in at an OpenID provider to your account */
            "POST /v1/users/me/identities/start": {
                body: {
                    provider: string;
                };
                data: components["schemas"]["OidcStarted"];
            };
            /** @description Finish to link a sign-in at an OpenID provider to your account */
            "POST /v1/users/me/identities/finish": {
                body: {
                    browser_secret: string;
                    callback_url: string;
                };
                data: components["schemas"]["LinkedIdentity"];
            };
            /** @description Remove a linked sign-in; the last way to sign in stays */
            "DELETE /v1/users/me/identities/:identity_id": {
                path: {
                    /** Format: uuid */
                    identity_id: string;
                };
                data: {
                    /** @constant */
                    unlinked: true;
                };
            };
            /** @description Cancel the deletion of your account within its grace period */
            "DELETE /v1/users/me/deletion": {
                data: {
                    cancelled: boolean;
                };
            };
            /** @description Request an export of all your data (idempotent for an hour) */
            "POST /v1/users/me/export": {
                data: components["schemas"]["DataExport"];
            };
            /** @description Get the state of your export */
            "GET /v1/users/me/export": {
                data: components["schemas"]["DataExport"];
            };
            /** @description Get a link, valid for 15 minutes, to the archive of your export */
            "POST /v1/users/me/export/link": {
                data: components["schemas"]["DataExportLink"];
            };
            /** @description List what happened to your account, newest first */
            "GET /v1/users/me/audit": {
                query?: {
                    /** @default 20 */
                    limit?: number;
                    cursor?: string;
                };
                data: {
                    entries: components["schemas"]["OwnAuditEntry"][];
                    next_cursor: string | null;
                    has_more: boolean;
                };
            };
            /** @description List or search accounts, by user name */
            "GET /v1/admin/users": {
                query?: {
                    search?: string;
                    /** @default 20 */
                    limit?: number;
                    cursor?: string;
                };
                data: {
                    users: components["schemas"]["AdminUser"][];
                    next_cursor: string | null;
                    has_more: boolean;
                };
            };
            /** @description Disable an account and end its sessions (idempotent) */
            "POST /v1/admin/users/:user_id/disable": {
                path: {
                    /** Format: uuid */
                    user_id: string;
                };
                data: {
                    /** Format: uuid */
                    user_id: string;
                    disabled: boolean;
                    sessions_ended: number;
                };
            };
            /** @description Enable an account (idempotent) */
            "POST /v1/admin/users/:user_id/enable": {
                path: {
                    /** Format: uuid */
                    user_id: string;
                };
                data: {
                    /** Format: uuid */
                    user_id: string;
                    disabled: boolean;
                    sessions_ended: number;
                };
            };
            /** @description End every session of an account (idempotent) */
            "POST /v1/admin/users/:user_id/end-sessions": {
                path: {
                    /** Format: uuid */
                    user_id: string;
                };
                data: {
                    /** Format: uuid */
                    user_id: string;
                    disabled: boolean;
                    sessions_ended: number;
                };
            };
            /** @description Remove the second factors and passkeys of an account (idempotent) */
            "POST /v1/admin/users/:user_id/reset-factors": {
                path: {
                    /** Format: uuid */
                    user_id: string;
                };
                data: {
                    /** Format: uuid */
                    user_id: string;
                    factors_removed: number;
                };
            };
            /** @description List the sealed audit log, newest first, without what is personal */
            "GET /v1/admin/audit": {
                query?: {
                    /**
                     * Format: uuid
                     * @description Only entries about this account.
                     */
                    user_id?: string;
                    /** @default 20 */
                    limit?: number;
                    cursor?: string;
                };
                data: {
                    entries: components["schemas"]["AdminAuditEntry"][];
                    next_cursor: string | null;
                    has_more: boolean;
                };
            };
            /** @description List mails that wait to be sent, and those that were given up */
            "GET /v1/admin/outbox": {
                data: components["schemas"]["OutboxReport"];
            };
            /** @description Let services act for a time as if Redis had failed */
            "POST /v1/admin/drills": {
                body: {
                    services: ("gateway" | "auth" | "chat" | "video" | "storage")[];
                    instance?: string;
                    /** @default redis */
                    dependency?: string;
                    port?: string;
                    seconds: number;
                };
                data: components["schemas"]["Drill"];
            };
            /** @description List the drills under way */
            "GET /v1/admin/drills": {
                data: {
                    drills: components["schemas"]["Drill"][];
                };
            };
            /** @description End a drill before its time (idempotent) */
            "POST /v1/admin/drills/:drill_id/end": {
                path: {
                    /** Format: uuid */
                    drill_id: string;
                };
                data: components["schemas"]["Drill"];
            };
            /** @description Ask a user to be your friend (idempotent) */
            "POST /v1/friends/requests": {
                body: {
                    /** Format: uuid */
                    user_id: string;
                };
                data: components["schemas"]["Friendship"];
            };
            /** @description List open friend requests, newest first */
            "GET /v1/friends/requests": {
                query?: {
                    /**
                     * @default incoming
                     * @enum {string}
                     */
                    direction?: "incoming" | "outgoing";
                    /** @default 20 */
                    limit?: number;
                    cursor?: string;
                };
                data: {
                    friends: components["schemas"]["Friendship"][];
                    next_cursor: string | null;
                    has_more: boolean;
                };
            };
            /** @description Accept the request of a user (idempotent) */
            "POST /v1/friends/requests/:user_id/accept": {
                path: {
                    /** Format: uuid */
                    user_id: string;
                };
                data: components["schemas"]["Friendship"];
            };
            /** @description Decline the request of a user, or withdraw your own (idempotent) */
            "DELETE /v1/friends/requests/:user_id": {
                path: {
                    /** Format: uuid */
                    user_id: string;
                };
                data: {
                    /** @constant */
                    removed: true;
                };
            };
            /** @description List your friends, newest first */
            "GET /v1/friends": {
                query?: {
                    /** @default 20 */
                    limit?: number;
                    cursor?: string;
                };
                data: {
                    friends: components["schemas"]["Friendship"][];
                    next_cursor: string | null;
                    has_more: boolean;
                };
            };
            /** @description End a friendship (idempotent) */
            "DELETE /v1/friends/:user_id": {
                path: {
                    /** Format: uuid */
                    user_id: string;
                };
                data: {
                    /** @constant */
                    removed: true;
                };
            };
            /** @description Set the identity and the signed pre-key of this device (idempotent) */
            "PUT /v1/keys/device": {
                body: {
                    /** @description X25519. */
                    identity_key: string;
                    /** @description Ed25519. */
                    signing_key: string;
                    /** @description Of the identity key, by the signing key. */
                    identity_signature: string;
                    /** @description X25519, signed by the signing key. */
                    signed_pre_key: components["schemas"]["SignedPreKey"];
                };
                data: components["schemas"]["DeviceKeyStatus"];
            };
            /** @description Get the state of the keys of this device */
            "GET /v1/keys/device": {
                data: components["schemas"]["DeviceKeyStatus"];
            };
            /** @description Add one-time pre-keys of this device (idempotent) */
            "POST /v1/keys/one-time": {
                body: {
                    keys: components["schemas"]["OneTimePreKey"][];
                };
                data: components["schemas"]["DeviceKeyStatus"];
            };
            /** @description Take a bundle of keys for each device of a user */
            "POST /v1/keys/users/:user_id/bundles": {
                path: {
                    /** Format: uuid */
                    user_id: string;
                };
                data: {
                    /** Format: uuid */
                    user_id: string;
                    devices: components["schemas"]["KeyBundle"][];
                };
            };
            /** @description Verify an e-mail address by the token or the code that was mailed to it */
            "POST /v1/auth/email/verify": {
                body: {
                    token?: string;
                    /** Format: email */
                    email?: string;
                    /** @description Spaces and hyphens are ignored */
                    code?: string;
                };
                data: {
                    /** @constant */
                    email_verified: true;
                };
            };
            /** @description Mail a new token and code; the reply is the same for unknown and verified addresses */
            "POST /v1/auth/email/resend": {
                body: {
                    /** Format: email */
                    email: string;
                };
                data: {
                    /** @constant */
                    accepted: true;
                };
            };
            /** @description Mail a token to a new address, which then confirms it */
            "POST /v1/users/me/email": {
                body: {
                    /** Format: email */
                    new_email: string;
                };
                data: {
                    /** @constant */
                    accepted: true;
                };
            };
            /** @description Confirm a new e-mail address; the old one is told and can undo it for a week */
            "POST /v1/auth/email/confirm-change": {
                body: {
                    token: string;
                };
                data: {
                    /** @constant */
                    email_changed: true;
                };
            };
            /** @description Restore the old e-mail address; ends every session and mails a password reset */
            "POST /v1/auth/email/undo-change": {
                body: {
                    token: string;
                };
                data: {
                    /** @constant */
                    email_restored: true;
                };
            };
            /** @description Set a new password; ends the other sessions of the user */
            "POST /v1/users/me/password": {
                body: {
                    current_password?: string;
                    /**
                     * Format: password
                     * @description 8 to 256 characters of any kind. Common, breached and personal passwords are refused.
                     */
                    new_password: string;
                };
                data: {
                    /** @constant */
                    password_changed: true;
                    sessions_ended: number;
                };
            };
            /** @description Prove again who you are, before a sensitive change */
            "POST /v1/auth/step-up": {
                body: {
                    password?: string;
                    code?: string;
                    recovery_code?: string;
                };
                data: components["schemas"]["SteppedUp"];
            };
            /** @description Begin to sign in with a passkey; no user name is needed */
            "POST /v1/auth/passkeys/start": {
                data: components["schemas"]["PasskeyRequestStarted"];
            };
            /** @description Finish to sign in with a passkey */
            "POST /v1/auth/passkeys/finish": {
                body: {
                    credential: {
                        id: string;
                        rawId: string;
                        /** @constant */
                        type: "public-key";
                        response: {
                            clientDataJSON: string;
                            authenticatorData: string;
                            signature: string;
                            userHandle?: string | null;
                        };
                    };
                    /** @description Shown in the list of sessions. Default: derived from the User-Agent. */
                    device_name?: string;
                };
                data: components["schemas"]["Tokens"];
            };
            /** @description Begin a step-up with one of your passkeys */
            "POST /v1/auth/step-up/passkey/start": {
                data: components["schemas"]["PasskeyRequestStarted"];
            };
            /** @description Finish a step-up with a passkey */
            "POST /v1/auth/step-up/passkey/finish": {
                body: {
                    credential: {
                        id: string;
                        rawId: string;
                        /** @constant */
                        type: "public-key";
                        response: {
                            clientDataJSON: string;
                            authenticatorData: string;
                            signature: string;
                            userHandle?: string | null;
                        };
                    };
                };
                data: components["schemas"]["SteppedUp"];
            };
            /** @description List your passkeys, oldest first */
            "GET /v1/users/me/passkeys": {
                data: components["schemas"]["Passkeys"];
            };
            /** @description Begin to add a passkey */
            "POST /v1/users/me/passkeys/start": {
                data: components["schemas"]["PasskeyCreationStarted"];
            };
            /** @description Finish to add a passkey */
            "POST /v1/users/me/passkeys/finish": {
                body: {
                    credential: {
                        id: string;
                        rawId: string;
                        /** @constant */
                        type: "public-key";
                        response: {
                            clientDataJSON: string;
                            attestationObject: string;
                            transports?: string[];
                        };
                    };
                    /** @description Shown in the list of passkeys. Default: derived from the User-Agent. */
                    name?: string;
                };
                data: components["schemas"]["Passkey"];
            };
            /** @description Rename a passkey (idempotent) */
            "PATCH /v1/users/me/passkeys/:passkey_id": {
                path: {
                    /** Format: uuid */
                    passkey_id: string;
                };
                body: {
                    /** @description Shown in the list of passkeys. Default: derived from the User-Agent. */
                    name: string;
                };
                data: components["schemas"]["Passkey"];
            };
            /** @description Remove a passkey; the last way to sign in stays */
            "DELETE /v1/users/me/passkeys/:passkey_id": {
                path: {
                    /** Format: uuid */
                    passkey_id: string;
                };
                data: {
                    /** @constant */
                    removed: true;
                };
            };
            /** @description Finish a sign-in with a code of the second factor */
            "POST /v1/auth/login/second-factor": {
                body: {
                    challenge: string;
                    code?: string;
                    recovery_code?: string;
                };
                data: components["schemas"]["Tokens"];
            };
            /** @description List the second factors of your account */
            "GET /v1/users/me/second-factor": {
                data: components["schemas"]["SecondFactors"];
            };
            /** @description Remove the authenticator app and its recovery codes */
            "DELETE /v1/users/me/second-factor": {
                data: {
                    /** @constant */
                    removed: true;
                };
            };
            /** @description Begin to add an authenticator app as second factor */
            "POST /v1/users/me/second-factor/totp": {
                data: components["schemas"]["TotpEnrolment"];
            };
            /** @description Confirm the authenticator app by a code; gives ten recovery codes */
            "POST /v1/users/me/second-factor/totp/confirm": {
                body: {
                    code: string;
                };
                data: components["schemas"]["RecoveryCodesCreated"];
            };
            /** @description Get ten new recovery codes; the old ones end */
            "POST /v1/users/me/second-factor/recovery-codes": {
                data: components["schemas"]["RecoveryCodesCreated"];
            };
            /** @description Create a conversation; a pair of users has one direct conversation */
            "POST /v1/conversations": {
                body: {
                    /** @enum {string} */
                    type: "direct" | "group";
                    title?: string;
                    participant_ids?: string[];
                    participants?: {
                        /** Format: email */
                        email?: string;
                        username?: string;
                    }[];
                };
                data: components["schemas"]["Conversation"];
            };
            /** @description List your conversations, newest first */
            "GET /v1/conversations": {
                query?: {
                    /** @default 20 */
                    limit?: number;
                    cursor?: string;
                };
                data: {
                    conversations: components["schemas"]["Conversation"][];
                    next_cursor: string | null;
                    has_more: boolean;
                };
            };
            /** @description Get a conversation that you take part in */
            "GET /v1/conversations/:conversation_id": {
                path: {
                    /** Format: uuid */
                    conversation_id: string;
                };
                data: components["schemas"]["Conversation"];
            };
            /** @description Rename a group (owner and admins) */
            "PATCH /v1/conversations/:conversation_id": {
                path: {
                    /** Format: uuid */
                    conversation_id: string;
                };
                body: {
                    title: string;
                };
                data: components["schemas"]["Conversation"];
            };
            /** @description Delete a group for all participants (owner) */
            "DELETE /v1/conversations/:conversation_id": {
                path: {
                    /** Format: uuid */
                    conversation_id: string;
                };
                data: {
                    /** @constant */
                    deleted: true;
                };
            };
            /** @description Merge settings into those of a conversation; null removes a key */
            "PATCH /v1/conversations/:conversation_id/settings": {
                path: {
                    /** Format: uuid */
                    conversation_id: string;
                };
                /** @description At most 8192 bytes of JSON, 8 levels deep */
                body: {
                    [key: string]: unknown;
                };
                data: components["schemas"]["Conversation"];
            };
            /** @description Add users to a group (owner and admins; idempotent) */
            "POST /v1/conversations/:conversation_id/participants": {
                path: {
                    /** Format: uuid */
                    conversation_id: string;
                };
                body: {
                    user_ids?: string[];
                    participants?: {
                        /** Format: email */
                        email?: string;
                        username?: string;
                    }[];
                };
                data: components["schemas"]["Conversation"];
            };
            /** @description Remove a participant from a group, or leave it */
            "DELETE /v1/conversations/:conversation_id/participants/:user_id": {
                path: {
                    /** Format: uuid */
                    conversation_id: string;
                    /** Format: uuid */
                    user_id: string;
                };
                data: {
                    /** @constant */
                    removed: true;
                };
            };
            /** @description Change the role of a participant of a group (owner) */
            "PATCH /v1/conversations/:conversation_id/participants/:user_id": {
                path: {
                    /** Format: uuid */
                    conversation_id: string;
                    /** Format: uuid */
                    user_id: string;
                };
                body: {
                    /** @enum {string} */
                    role: "owner" | "admin" | "member";
                };
                data: components["schemas"]["Conversation"];
            };
            /** @description Send a message (idempotent per client_message_id) */
            "POST /v1/messages": {
                body: {
                    content: string;
                    /** @default false */
                    is_encrypted?: boolean;
                    /**
                     * @default text
                     * @enum {string}
                     */
                    message_type?: "text" | "image" | "video" | "file";
                    /**
                     * @description At most 8192 bytes of JSON, 8 levels deep
                     * @default {}
                     */
                    metadata?: {
                        [key: string]: unknown;
                    };
                    client_message_id?: string;
                    /** Format: uuid */
                    conversation_id: string;
                };
                data: components["schemas"]["Message"];
            };
            /** @description List the messages of a conversation, newest first; without one, your inbox */
            "GET /v1/messages": {
                query?: {
                    /** Format: uuid */
                    conversation_id?: string;
                    /** @default 20 */
                    limit?: number;
                    page_state?: string;
                };
                data: components["schemas"]["MessagePage"] | components["schemas"]["InboxPage"];
            };
            /** @description Search for messages that contain every word, newest first */
            "GET /v1/messages/search": {
                query: {
                    q: string;
                    /** Format: uuid */
                    conversation_id?: string;
                    /** @default 20 */
                    limit?: number;
                    page_state?: string;
                };
                data: components["schemas"]["MessagePage"];
            };
            /** @description List the pinned messages of a conversation, newest pin first */
            "GET /v1/messages/pinned": {
                query: {
                    /** Format: uuid */
                    conversation_id: string;
                };
                data: {
                    pins: components["schemas"]["Pin"][];
                };
            };
            /** @description Pin a message (in a group, owner and admins; idempotent) */
            "PUT /v1/messages/:message_id/pin": {
                path: {
                    /** Format: uuid */
                    message_id: string;
                };
                query: {
                    /** Format: uuid */
                    conversation_id: string;
                };
                data: components["schemas"]["Pin"];
            };
            /** @description Unpin a message (in a group, owner and admins; idempotent) */
            "DELETE /v1/messages/:message_id/pin": {
                path: {
                    /** Format: uuid */
                    message_id: string;
                };
                query: {
                    /** Format: uuid */
                    conversation_id: string;
                };
                data: {
                    /** @constant */
                    removed: true;
                };
            };
            /** @description Edit a message (its sender) */
            "PATCH /v1/messages/:message_id": {
                path: {
                    /** Format: uuid */
                    message_id: string;
                };
                query: {
                    /** Format: uuid */
                    conversation_id: string;
                };
                body: {
                    content: string;
                    /** @description At most 8192 bytes of JSON, 8 levels deep */
                    metadata?: {
                        [key: string]: unknown;
                    };
                };
                data: components["schemas"]["Message"];
            };
            /** @description Delete a message (its sender; in a group, owner and admins; idempotent) */
            "DELETE /v1/messages/:message_id": {
                path: {
                    /** Format: uuid */
                    message_id: string;
                };
                query: {
                    /** Format: uuid */
                    conversation_id: string;
                };
                data: components["schemas"]["Message"];
            };
            /** @description Forward a message to other conversations (idempotent per client_message_id) */
            "POST /v1/messages/:message_id/forward": {
                path: {
                    /** Format: uuid */
                    message_id: string;
                };
                query: {
                    /** Format: uuid */
                    conversation_id: string;
                };
                body: {
                    to_conversation_ids: string[];
                    client_message_id?: string;
                };
                data: {
                    messages: components["schemas"]["Message"][];
                };
            };
            /** @description React to a message (idempotent) */
            "PUT /v1/messages/:message_id/reactions/:emoji": {
                path: {
                    /** Format: uuid */
                    message_id: string;
                    emoji: string;
                };
                query: {
                    /** Format: uuid */
                    conversation_id: string;
                };
                data: components["schemas"]["Message"];
            };
            /** @description Remove your reaction from a message (idempotent) */
            "DELETE /v1/messages/:message_id/reactions/:emoji": {
                path: {
                    /** Format: uuid */
                    message_id: string;
                    emoji: string;
                };
                query: {
                    /** Format: uuid */
                    conversation_id: string;
                };
                data: components["schemas"]["Message"];
            };
            /** @description Mark a conversation as read up to a message; never moves back */
            "POST /v1/messages/:message_id/read": {
                path: {
                    /** Format: uuid */
                    message_id: string;
                };
                query: {
                    /** Format: uuid */
                    conversation_id: string;
                };
                data: {
                    /** Format: uuid */
                    conversation_id: string;
                    /** Format: uuid */
                    message_id: string;
                    unread_count: number;
                };
            };
            /** @description List the participants who have read a message, except its sender */
            "GET /v1/messages/:message_id/receipts": {
                path: {
                    /** Format: uuid */
                    message_id: string;
                };
                query: {
                    /** Format: uuid */
                    conversation_id: string;
                };
                data: {
                    receipts: components["schemas"]["Receipt"][];
                };
            };
            /** @description Set whether you are online; online lapses after a minute */
            "POST /v1/presence": {
                body: {
                    online: boolean;
                };
                data: components["schemas"]["Presence"];
            };
            /** @description Get who is online; users who have blocked you look offline */
            "GET /v1/presence": {
                query: {
                    user_ids: string[];
                };
                data: {
                    presence: components["schemas"]["Presence"][];
                };
            };
            /** @description Call some or all participants of a conversation */
            "POST /v1/calls/initiate": {
                body: {
                    /** @enum {string} */
                    call_type: "audio" | "video";
                    /**
                     * @description Default mesh.
                     * @enum {string}
                     */
                    topology?: "mesh" | "sfu";
                    /** Format: uuid */
                    conversation_id: string;
                    /** @description At most 3 in a mesh. */
                    callee_ids?: string[];
                };
                data: components["schemas"]["Call"];
            };
            /** @description List the calls that you started or were called to, the newest first */
            "GET /v1/calls": {
                query?: {
                    /** @default 20 */
                    limit?: number;
                    cursor?: string;
                };
                data: {
                    calls: components["schemas"]["PastCall"][];
                    next_cursor: string | null;
                    has_more: boolean;
                };
            };
            /** @description Receive a webhook of LiveKit (idempotent per event) */
            "POST /v1/calls/sfu-events": {
                data: {
                    /** @description Whether the event was received before. */
                    is_duplicate: boolean;
                };
            };
            /** @description Get a call that you started or were called to */
            "GET /v1/calls/:call_id": {
                path: {
                    /** Format: uuid */
                    call_id: string;
                };
                data: components["schemas"]["Call"];
            };
            /** @description Lock or unlock a call that you host, or hand it over */
            "PATCH /v1/calls/:call_id": {
                path: {
                    /** Format: uuid */
                    call_id: string;
                };
                body: {
                    locked?: boolean;
                    /**
                     * Format: uuid
                     * @description The participant who hosts the call next.
                     */
                    host_id?: string;
                };
                data: components["schemas"]["Call"];
            };
            /** @description Answer or rejoin a call (idempotent) */
            "POST /v1/calls/:call_id/join": {
                path: {
                    /** Format: uuid */
                    call_id: string;
                };
                data: components["schemas"]["Call"];
            };
            /** @description Leave a call, or end it for everybody if you are its host (idempotent) */
            "POST /v1/calls/:call_id/end": {
                path: {
                    /** Format: uuid */
                    call_id: string;
                };
                data: components["schemas"]["Call"];
            };
            /** @description Remove a participant from a call that you host (idempotent) */
            "DELETE /v1/calls/:call_id/participants/:user_id": {
                path: {
                    /** Format: uuid */
                    call_id: string;
                    /** Format: uuid */
                    user_id: string;
                };
                data: components["schemas"]["Call"];
            };
            /** @description Ask a participant of a call that you host to switch microphone or camera off */
            "POST /v1/calls/:call_id/participants/:user_id/mute": {
                path: {
                    /** Format: uuid */
                    call_id: string;
                    /** Format: uuid */
                    user_id: string;
                };
                body: {
                    /** @enum {string} */
                    media: "audio" | "video";
                };
                data: components["schemas"]["Call"];
            };
            /** @description Get STUN and TURN servers for a call that you are in */
            "GET /v1/calls/:call_id/ice-servers": {
                path: {
                    /** Format: uuid */
                    call_id: string;
                };
                data: components["schemas"]["IceServers"];
            };
            /** @description Report how well a connection of a call works (idempotent per sequence) */
            "POST /v1/calls/:call_id/quality": {
                path: {
                    /** Format: uuid */
                    call_id: string;
                };
                body: {
                    /**
                     * Format: uuid
                     * @description A UUID that you make for each RTCPeerConnection.
                     */
                    connection_id: string;
                    /** @description The number of the report on this connection. Only a higher one is stored. */
                    sequence: number;
                    /**
                     * Format: uuid
                     * @description The participant at the other end. Absent if that is a media server.
                     */
                    peer_id?: string;
                    summary: components["schemas"]["QualitySummary"];
                };
                data: {
                    /** Format: uuid */
                    call_id: string;
                    /** Format: uuid */
                    connection_id: string;
                    /** @description The number of the newest report. */
                    sequence: number;
                };
            };
            /** @description Answer a call that rings (idempotent per device) */
            "POST /v1/calls/:call_id/accept": {
                path: {
                    /** Format: uuid */
                    call_id: string;
                };
                data: components["schemas"]["Call"];
            };
            /** @description Decline a call that rings (idempotent) */
            "POST /v1/calls/:call_id/decline": {
                path: {
                    /** Format: uuid */
                    call_id: string;
                };
                data: components["schemas"]["Call"];
            };
            /** @description Stop a call that you started and nobody has answered (idempotent) */
            "POST /v1/calls/:call_id/cancel": {
                path: {
                    /** Format: uuid */
                    call_id: string;
                };
                data: components["schemas"]["Call"];
            };
            /** @description Register or renew the push token of this device (idempotent) */
            "POST /v1/push/tokens": {
                body: {
                    /** @constant */
                    kind: "web";
                    /** Format: uri */
                    endpoint: string;
                    keys: {
                        p256dh: string;
                        auth: string;
                    };
                } | {
                    /** @constant */
                    kind: "fcm";
                    token: string;
                } | {
                    /** @constant */
                    kind: "apns";
                    token: string;
                };
                data: components["schemas"]["PushToken"];
            };
            /** @description List your push tokens, the last renewed first */
            "GET /v1/push/tokens": {
                data: components["schemas"]["PushTokens"];
            };
            /** @description Remove one of your push tokens */
            "DELETE /v1/push/tokens/:token_id": {
                path: {
                    /** Format: uuid */
                    token_id: string;
                };
                data: {
                    /** @constant */
                    removed: true;
                };
            };
            /** @description Get the public key that browsers subscribe with */
            "GET /v1/push/vapid-key": {
                data: components["schemas"]["VapidKey"];
            };
            /** @description Get a token for the LiveKit room of a call that you are in */
            "GET /v1/calls/:call_id/sfu-token": {
                path: {
                    /** Format: uuid */
                    call_id: string;
                };
                data: components["schemas"]["SfuAccess"];
            };
            /** @description Reserve space for a file and get the URL to PUT its bytes to */
            "POST /v1/storage/upload-url": {
                body: {
                    file_name: string;
                    content_type: string;
                    /** @default false */
                    is_encrypted?: boolean;
                    /** Format: uuid */
                    conversation_id?: string;
                    checksum_sha256?: string;
                    file_size: number;
                };
                data: components["schemas"]["UploadTarget"];
            };
            /** @description Complete an upload after all bytes are sent (idempotent) */
            "POST /v1/storage/upload-complete": {
                body: {
                    /** Format: uuid */
                    file_id: string;
                    checksum_sha256?: string;
                };
                data: components["schemas"]["File"];
            };
            /** @description Reserve space for a large file that is sent in parts */
            "POST /v1/storage/multipart": {
                body: {
                    file_name: string;
                    content_type: string;
                    /** @default false */
                    is_encrypted?: boolean;
                    /** Format: uuid */
                    conversation_id?: string;
                    checksum_sha256?: string;
                    file_size: number;
                };
                data: components["schemas"]["MultipartTarget"];
            };
            /** @description List the parts that have arrived */
            "GET /v1/storage/multipart/:file_id/parts": {
                path: {
                    /** Format: uuid */
                    file_id: string;
                };
                data: {
                    parts: components["schemas"]["ReceivedPart"][];
                };
            };
            /** @description Get the URL to PUT one part to */
            "POST /v1/storage/multipart/:file_id/part-url": {
                path: {
                    /** Format: uuid */
                    file_id: string;
                };
                body: {
                    part_number: number;
                };
                data: components["schemas"]["PartTarget"];
            };
            /** @description Abort an upload in parts and free its space (idempotent) */
            "DELETE /v1/storage/multipart/:file_id": {
                path: {
                    /** Format: uuid */
                    file_id: string;
                };
                data: components["schemas"]["File"];
            };
            /** @description Get a URL, valid for an hour, to download a file from */
            "GET /v1/storage/download-url/:file_id": {
                path: {
                    /** Format: uuid */
                    file_id: string;
                };
                data: {
                    download_url: string;
                    /** Format: date-time */
                    expires_at: string;
                };
            };
            /** @description List your own files, newest first */
            "GET /v1/storage/files": {
                query?: {
                    /** @default 20 */
                    limit?: number;
                    cursor?: string;
                    /** Format: uuid */
                    conversation_id?: string;
                };
                data: {
                    files: components["schemas"]["File"][];
                    next_cursor: string | null;
                    has_more: boolean;
                };
            };
            /** @description Delete a file and free its space (idempotent) */
            "DELETE /v1/storage/files/:file_id": {
                path: {
                    /** Format: uuid */
                    file_id: string;
                };
                data: components["schemas"]["File"];
            };
            /** @description Share your file with the participants of a conversation (idempotent) */
            "POST /v1/storage/files/:file_id/share": {
                path: {
                    /** Format: uuid */
                    file_id: string;
                };
                body: {
                    /** Format: uuid */
                    conversation_id: string;
                };
                data: components["schemas"]["FileShare"];
            };
            /** @description List the conversations whose participants can download your file */
            "GET /v1/storage/files/:file_id/share": {
                path: {
                    /** Format: uuid */
                    file_id: string;
                };
                data: {
                    conversation_ids: string[];
                };
            };
            /** @description Stop sharing your file with a conversation (idempotent) */
            "DELETE /v1/storage/files/:file_id/share/:conversation_id": {
                path: {
                    /** Format: uuid */
                    file_id: string;
                    /** Format: uuid */
                    conversation_id: string;
                };
                data: components["schemas"]["FileShare"];
            };
            /** @description Get the space that your files use and that is left for new ones */
            "GET /v1/storage/quota": {
                data: {
                    used: number;
                    total: number;
                    available: number;
                    usage_percentage: number;
                };
            };
            /** @description List every route with what it declares for a Redis outage, and its mode now */
            "GET /v1/degraded": {
                query?: {
                    /**
                     * @description On the gateway: with all instances of all services.
                     * @default false
                     * @enum {string}
                     */
                    fleet?: "true" | "false";
                    /**
                     * @description Of the fleet: the rows that are not normal somewhere, or all.
                     * @default unusual
                     * @enum {string}
                     */
                    rows?: "unusual" | "all";
                };
                data: components["schemas"]["LiveTable"];
            };
        };
        ChatClientFrame: {
            /** @constant */
            type: "typing";
            id?: string;
            /** Format: uuid */
            conversation_id: string;
            /** @default {} */
            data?: {
                /** @default true */
                is_typing?: boolean;
            };
        } | {
            /** @constant */
            type: "resume";
            id?: string;
            data: {
                /** Format: uuid */
                after: string;
            };
        } | {
            /** @constant */
            type: "ping";
            id?: string;
        } | {
            /** @constant */
            type: "chat";
            id?: string;
            /** Format: uuid */
            conversation_id: string;
            data: {
                content: string;
                /** @default false */
                is_encrypted?: boolean;
                /**
                 * @default text
                 * @enum {string}
                 */
                message_type?: "text" | "image" | "video" | "file";
                /**
                 * @description At most 8192 bytes of JSON, 8 levels deep
                 * @default {}
                 */
                metadata?: {
                    [key: string]: unknown;
                };
                client_message_id?: string;
            };
        } | {
            /** @constant */
            type: "edited";
            id?: string;
            /** Format: uuid */
            conversation_id: string;
            data: {
                content: string;
                /** @description At most 8192 bytes of JSON, 8 levels deep */
                metadata?: {
                    [key: string]: unknown;
                };
                /** Format: uuid */
                message_id: string;
            };
        } | {
            /** @constant */
            type: "deleted";
            id?: string;
            /** Format: uuid */
            conversation_id: string;
            data: {
                /** Format: uuid */
                message_id: string;
            };
        } | {
            /** @constant */
            type: "reaction";
            id?: string;
            /** Format: uuid */
            conversation_id: string;
            data: {
                /** Format: uuid */
                message_id: string;
                emoji: string;
                /** @default true */
                present?: boolean;
            };
        } | {
            /** @constant */
            type: "read";
            id?: string;
            /** Format: uuid */
            conversation_id: string;
            data: {
                /** Format: uuid */
                message_id: string;
            };
        };
        ChatServerFrame: {
            /** @constant */
            type: "chat";
            /** Format: uuid */
            conversation_id: string;
            /** Format: uuid */
            from: string;
            /** Format: date-time */
            at: string;
            /** Format: uuid */
            cursor: string;
            data: components["schemas"]["Message"];
        } | {
            /** @constant */
            type: "edited";
            /** Format: uuid */
            conversation_id: string;
            /** Format: uuid */
            from: string;
            /** Format: date-time */
            at: string;
            /** Format: uuid */
            cursor: string;
            data: components["schemas"]["Message"];
        } | {
            /** @constant */
            type: "deleted";
            /** Format: uuid */
            conversation_id: string;
            /** Format: uuid */
            from: string;
            /** Format: date-time */
            at: string;
            /** Format: uuid */
            cursor: string;
            data: {
                /** Format: uuid */
                message_id: string;
                /** Format: date-time */
                deleted_at: string;
            };
        } | {
            /** @constant */
            type: "reaction";
            /** Format: uuid */
            conversation_id: string;
            /** Format: uuid */
            from: string;
            /** Format: date-time */
            at: string;
            /** Format: uuid */
            cursor: string;
            data: {
                /** Format: uuid */
                message_id: string;
                /** Format: uuid */
                user_id: string;
                emoji: string;
                present: boolean;
            };
        } | {
            /** @constant */
            type: "typing";
            /** Format: uuid */
            conversation_id: string;
            /** Format: uuid */
            from: string;
            /** Format: date-time */
            at: string;
            data: {
                is_typing: boolean;
            };
        } | {
            /** @constant */
            type: "read";
            /** Format: uuid */
            conversation_id: string;
            /** Format: uuid */
            from: string;
            /** Format: date-time */
            at: string;
            /** Format: uuid */
            cursor: string;
            data: {
                /** Format: uuid */
                message_id: string;
            };
        } | {
            /** @constant */
            type: "user_joined";
            /** Format: uuid */
            conversation_id: string;
            /** Format: uuid */
            from: string;
            /** Format: date-time */
            at: string;
            data: {
                /** Format: uuid */
                user_id: string;
            };
        } | {
            /** @constant */
            type: "user_left";
            /** Format: uuid */
            conversation_id: string;
            /** Format: uuid */
            from: string;
            /** Format: date-time */
            at: string;
            data: {
                /** Format: uuid */
                user_id: string;
            };
        } | {
            /** @constant */
            type: "call_ringing";
            /** Format: uuid */
            conversation_id: string;
            /** Format: uuid */
            from: string;
            /** Format: date-time */
            at: string;
            data: {
                /** Format: uuid */
                call_id: string;
                /** @enum {string} */
                call_type: "audio" | "video";
                /**
                 * Format: date-time
                 * @description When the call is missed.
                 */
                ring_until: string;
            };
        } | {
            /** @constant */
            type: "call_answered";
            /** Format: uuid */
            conversation_id: string;
            /** Format: uuid */
            from: string;
            /** Format: date-time */
            at: string;
            data: {
                /** Format: uuid */
                call_id: string;
            };
        } | {
            /** @constant */
            type: "call_ended";
            /** Format: uuid */
            conversation_id: string;
            /** Format: date-time */
            at: string;
            data: {
                /** Format: uuid */
                call_id: string;
                /** @enum {string} */
                reason: "no_answer" | "busy" | "declined" | "cancelled" | "ended_by_host" | "everyone_left" | "connection_lost" | "out_of_reach" | "removed" | "left" | "locked";
                /**
                 * @description Your own state in the call.
                 * @enum {string}
                 */
                state: "ringing" | "joined" | "left" | "declined" | "missed" | "removed";
            };
        } | {
            /** @constant */
            type: "keys_low";
            /** Format: date-time */
            at: string;
            data: {
                /**
                 * Format: uuid
                 * @description Your own device: the session of this socket.
                 */
                device_id: string;
                /** @description One-time pre-keys in stock. */
                one_time_keys: number;
            };
        } | {
            /** @constant */
            type: "resumed";
            id?: string;
            data: {
                events: number;
                complete: boolean;
            };
        } | {
            /** @constant */
            type: "ack";
            id?: string;
            message?: components["schemas"]["Message"];
            meta?: {
                degraded: string[];
            };
        } | components["schemas"]["ErrorFrame"];
        SignalingClientFrame: {
            /** @constant */
            type: "offer";
            id?: string;
            /** Format: uuid */
            call_id: string;
            /** Format: uuid */
            to: string;
            data: {
                sdp: string;
            };
        } | {
            /** @constant */
            type: "answer";
            id?: string;
            /** Format: uuid */
            call_id: string;
            /** Format: uuid */
            to: string;
            data: {
                sdp: string;
            };
        } | {
            /** @constant */
            type: "ice_candidate";
            id?: string;
            /** Format: uuid */
            call_id: string;
            /** Format: uuid */
            to: string;
            data: {
                candidate: string;
                sdpMid?: string | null;
                sdpMLineIndex?: number | null;
                usernameFragment?: string | null;
            };
        } | {
            /** @constant */
            type: "join";
            id?: string;
            /** Format: uuid */
            call_id: string;
            /** Format: uuid */
            to?: string;
            /** @default {} */
            data?: Record<string, never>;
        } | {
            /** @constant */
            type: "leave";
            id?: string;
            /** Format: uuid */
            call_id: string;
            /** Format: uuid */
            to?: string;
            /** @default {} */
            data?: Record<string, never>;
        } | {
            /** @constant */
            type: "mute_audio";
            id?: string;
            /** Format: uuid */
            call_id: string;
            /** Format: uuid */
            to?: string;
            data: {
                muted: boolean;
            };
        } | {
            /** @constant */
            type: "mute_video";
            id?: string;
            /** Format: uuid */
            call_id: string;
            /** Format: uuid */
            to?: string;
            data: {
                muted: boolean;
            };
        } | {
            /** @constant */
            type: "ping";
            id?: string;
        };
        SignalingServerFrame: {
            /** @constant */
            type: "offer";
            /** Format: uuid */
            call_id: string;
            /** Format: uuid */
            to?: string;
            /** Format: uuid */
            from: string;
            /** Format: date-time */
            at: string;
            data: {
                sdp: string;
            };
        } | {
            /** @constant */
            type: "answer";
            /** Format: uuid */
            call_id: string;
            /** Format: uuid */
            to?: string;
            /** Format: uuid */
            from: string;
            /** Format: date-time */
            at: string;
            data: {
                sdp: string;
            };
        } | {
            /** @constant */
            type: "ice_candidate";
            /** Format: uuid */
            call_id: string;
            /** Format: uuid */
            to?: string;
            /** Format: uuid */
            from: string;
            /** Format: date-time */
            at: string;
            data: {
                candidate: string;
                sdpMid?: string | null;
                sdpMLineIndex?: number | null;
                usernameFragment?: string | null;
            };
        } | {
            /** @constant */
            type: "join";
            /** Format: uuid */
            call_id: string;
            /** Format: uuid */
            to?: string;
            /** Format: uuid */
            from: string;
            /** Format: date-time */
            at: string;
            data: Record<string, never>;
        } | {
            /** @constant */
            type: "leave";
            /** Format: uuid */
            call_id: string;
            /** Format: uuid */
            to?: string;
            /** Format: uuid */
            from: string;
            /** Format: date-time */
            at: string;
            data: Record<string, never>;
        } | {
            /** @constant */
            type: "mute_audio";
            /** Format: uuid */
            call_id: string;
            /** Format: uuid */
            to?: string;
            /** Format: uuid */
            from: string;
            /** Format: date-time */
            at: string;
            data: {
                muted: boolean;
            };
        } | {
            /** @constant */
            type: "mute_video";
            /** Format: uuid */
            call_id: string;
            /** Format: uuid */
            to?: string;
            /** Format: uuid */
            from: string;
            /** Format: date-time */
            at: string;
            data: {
                muted: boolean;
            };
        } | {
            /** @constant */
            type: "peer_left";
            /** Format: uuid */
            call_id: string;
            /** Format: uuid */
            from: string;
            /** Format: date-time */
            at: string;
            data: {
                /**
                 * Format: date-time
                 * @description The place of the peer is kept until then.
                 */
                may_return_until: string;
            };
        } | {
            /** @constant */
            type: "peer_back";
            /** Format: uuid */
            call_id: string;
            /** Format: uuid */
            from: string;
            /** Format: date-time */
            at: string;
            data: Record<string, never>;
        } | {
            /** @constant */
            type: "mute_request";
            /** Format: uuid */
            call_id: string;
            /** Format: uuid */
            to?: string;
            /** Format: uuid */
            from: string;
            /** Format: date-time */
            at: string;
            data: {
                /** @enum {string} */
                media: "audio" | "video";
            };
        } | {
            /** @constant */
            type: "call_changed";
            /** Format: uuid */
            call_id: string;
            /** Format: date-time */
            at: string;
            data: {
                /**
                 * Format: uuid
                 * @description The user who may control the call.
                 */
                host_id: string;
                /** @description Whether nobody else may join. */
                locked: boolean;
            };
        } | {
            /** @constant */
            type: "call_ended";
            /** Format: uuid */
            call_id: string;
            /** Format: date-time */
            at: string;
            data: {
                /** @enum {string} */
                reason: "no_answer" | "busy" | "declined" | "cancelled" | "ended_by_host" | "everyone_left" | "connection_lost" | "out_of_reach" | "removed" | "left" | "locked";
                /**
                 * @description Your own state in the call.
                 * @enum {string}
                 */
                state: "ringing" | "joined" | "left" | "declined" | "missed" | "removed";
            };
        } | {
            /** @constant */
            type: "ack";
            id?: string;
            meta?: {
                degraded: string[];
            };
        } | components["schemas"]["ErrorFrame"];
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
