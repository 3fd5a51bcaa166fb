using static Konko.Server.Configuration.SettingKind;

namespace Konko.Server.Configuration;

/// <summary>Every setting there is: the one table behind the file, the environment, the flags and the help.</summary>
public static class Settings
{
    /// <summary>The settings in the order of the help.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        new("models", "--model", "PATH[=ID]", Objects, "A GGUF file to serve, and the id to serve it by. Repeatable. Default: the embedded models.",
            ModelSettings.ApplyModels),
        new("aliases", "--alias", "NAME=ID", Objects, "A further name for a served model. Repeatable.",
            ModelSettings.ApplyAliases),
        new("host", "--host", "HOST", Value, "Where to listen: localhost, an IP address, or * for every address. Default: localhost.",
            (o, v) => o with { Host = v.Text }),
        new("port", "--port", "PORT", Value, "The TCP port; 0 takes a free one. Default: 5080.",
            (o, v) => v.Integer(0, 65535) is int port ? o with { Port = port } : o),
        new("keys", "--key", "KEY", List, "A key that callers must show as 'Authorization: Bearer KEY'. Repeatable. Default: none needed.",
            (o, v) => o with { Keys = [.. o.Keys, .. v.Texts] }),
        new("keys_file", "--keys-file", "FILE", Value, "A file of keys, one a line, in addition to --key; lines that start with # are comments.",
            KeysFile.Apply),
        new("no_auth", "--no-auth", "", Switch, "Listen beyond loopback without keys, on purpose.",
            (o, v) => v.Switch() is bool on ? o with { NoAuth = on } : o),
        new("allow_hosts", "--allow-host", "NAME", List, "A name that a request's Host may have when there are no keys, beside localhost and IP addresses. Repeatable.",
            (o, v) => o with { AllowedHosts = v.Texts }),
        new("cors", "--cors", "ORIGIN", List, "An origin whose pages may call the API, such as https://app.example, or * for any. Repeatable. Loopback origins always may.",
            (o, v) => o with { CorsOrigins = v.Texts }),
        new("trusted_proxies", "--trusted-proxy", "ADDRESS", List, "A proxy (IP address or CIDR network) whose X-Forwarded-* headers are believed. Repeatable.",
            (o, v) => o with { TrustedProxies = v.Texts }),
        new("threads", "--threads", "N", Value, "Threads of the engine. Default: one a core.",
            (o, v) => v.Integer(1, 1024) is int threads ? o with { Threads = threads } : o),
        new("context", "--context", "TOKENS", Value, "Most tokens of a prompt and its answer. Default: what the model was made for.",
            (o, v) => v.Integer(16, int.MaxValue) is int context ? o with { ContextLength = context } : o),
        new("queue", "--queue", "N", Value, "Requests that may wait for their turn; beyond it the answer is 429. Default: 256.",
            (o, v) => v.Integer(1, 1_000_000) is int queue ? o with { QueueLimit = queue } : o),
        new("max_running", "--max-running", "N", Value, "Answers that are generated together. Default: 64.",
            (o, v) => v.Integer(1, 4096) is int running ? o with { MaxRunning = running } : o),
        new("kv_memory", "--kv-memory", "SIZE", Value, "Memory for keys and values, such as 512MiB or 2GiB. Default: the engine chooses.",
            (o, v) => v.Bytes(1 << 20) is long bytes ? o with { KvMemoryBytes = bytes } : o),
        new("no_drafting", "--no-drafting", "", Switch, "Compute one token at a time, even where the text repeats itself. Answers are the same, only slower.",
            (o, v) => v.Switch() is bool off ? o with { Drafting = !off } : o),
        new("max_tokens_default", "--max-tokens-default", "N", Value, "The max_tokens of a chat that names none. Default: to the end of the answer or of the context.",
            (o, v) => v.Integer(1, int.MaxValue) is int tokens ? o with { MaxTokensDefault = tokens } : o),
        new("body_limit", "--body-limit", "SIZE", Value, "Largest body of a request. Default: 16MiB.",
            (o, v) => v.Bytes(1 << 10) is long bytes ? o with { BodyLimitBytes = bytes } : o),
        new("load_wait", "--load-wait", "SECONDS", Value, "How long a request waits for a model that is still loading. Default: 30.",
            (o, v) => v.Seconds() is TimeSpan wait ? o with { LoadWait = wait } : o),
        new("drain_timeout", "--drain-timeout", "SECONDS", Value, "How long running answers may go on after the server was told to stop. Default: 30.",
            (o, v) => v.Seconds() is TimeSpan drain ? o with { DrainTimeout = drain } : o),
        new("tls_cert", "--tls-cert", "FILE", Value, "A certificate (PEM or PFX): serve HTTPS.",
            (o, v) => o with { TlsCertificate = v.PathOf(v.Text) }),
        new("tls_key", "--tls-key", "FILE", Value, "The certificate's PEM key, where it is not in the same file.",
            (o, v) => o with { TlsKey = v.PathOf(v.Text) }),
        new("tls_password", "--tls-password", "PASSWORD", Value, "The password of the PFX file or of the PEM key.",
            (o, v) => o with { TlsPassword = v.Text }),
        new("h2c", "--h2c", "", Switch, "Speak HTTP/2 without TLS (prior knowledge) instead of HTTP/1.1.",
            (o, v) => v.Switch() is bool on ? o with { H2c = on } : o),
    ];
}
