namespace Konko.Server.Configuration;

/// <summary>Everything that can be set about a server. The defaults are those of a first start.</summary>
/// <remarks>
/// <see cref="ConfigurationLoader"/> fills it from a file, the environment and flags; <see cref="Settings"/> names
/// each setting. In code, set what differs and hand it to <c>AddKonko</c>.
/// </remarks>
public sealed record KonkoOptions
{
    /// <summary>The models to serve, in order; empty serves the embedded ones.</summary>
    public IReadOnlyList<ModelOptions> Models { get; init; } = [];

    /// <summary>A folder of which every GGUF file is served beside <see cref="Models"/>; null is none.</summary>
    public string? ModelsDirectory { get; init; }

    /// <summary>When models are loaded; null is at start, and on demand those of <see cref="ModelsDirectory"/>.</summary>
    public ModelLoad? Load { get; init; }

    /// <summary>
    /// A model that nobody asked anything for so long is unloaded; <see cref="Timeout.InfiniteTimeSpan"/> keeps it. Null is
    /// ten minutes for models that are loaded on demand, and never for those loaded at start.
    /// </summary>
    public TimeSpan? UnloadAfter { get; init; }

    /// <summary>Most bytes that all loaded models may take together; null is nine tenths of what the machine, or the control group, has left at start.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>A Jinja file that takes the place of the chat template of the one model that is served; null keeps the model's own.</summary>
    public string? ChatTemplate { get; init; }

    /// <summary>Further names of models: alias → a model's id; case does not matter.</summary>
    public IReadOnlyDictionary<string, string> Aliases { get; init; } = new Dictionary<string, string>();

    /// <summary>Where to listen: <c>localhost</c> (127.0.0.1 and ::1), an IP address, or <c>*</c> for every address.</summary>
    public string Host { get; init; } = "localhost";

    /// <summary>The TCP port, 0 … 65535; 0 takes a free one.</summary>
    public int Port { get; init; } = 5080;

    /// <summary>Keys that callers must show; empty accepts any key or none.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>Serves beyond loopback without keys, on purpose.</summary>
    public bool NoAuth { get; init; }

    /// <summary>Names that a request's <c>Host</c> may have beside loopback names and IP addresses, where there are no keys.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Origins whose pages may call the API beside loopback ones, such as <c>https://app.example</c>; <c>*</c> is any.</summary>
    public IReadOnlyList<string> CorsOrigins { get; init; } = [];

    /// <summary>Proxies (IP addresses or CIDR networks) whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed.</summary>
    public IReadOnlyList<string> TrustedProxies { get; init; } = [];

    /// <summary>Threads of the engine; null takes every core.</summary>
    public int? Threads { get; init; }

    /// <summary>Most positions of a sequence; null takes the model's own.</summary>
    public int? ContextLength { get; init; }

    /// <summary>Requests that may wait for their turn, a model; beyond it the answer is 429.</summary>
    public int QueueLimit { get; init; } = 256;

    /// <summary>Choices that are generated together, a model.</summary>
    public int MaxRunning { get; init; } = 64;

    /// <summary>Bytes of memory for keys and values, a model; null lets the engine choose.</summary>
    public long? KvMemoryBytes { get; init; }

    /// <summary>Guesses tokens from the text so far and computes several at once where that pays; answers are the same without.</summary>
    public bool Drafting { get; init; } = true;

    /// <summary>The <c>max_tokens</c> of a chat that names none; null goes on to the end of the answer or of the context.</summary>
    public int? MaxTokensDefault { get; init; }

    /// <summary>Most bytes of a request's body.</summary>
    public long BodyLimitBytes { get; init; } = 16L << 20;

    /// <summary>Most bytes of the bodies of all requests that are being read or answered, but for the first 64 KiB of each; beyond it the answer is 429.</summary>
    public long BodyMemoryBytes { get; init; } = 256L << 20;

    /// <summary>Most connections at once; a further one is closed. Only where the server listens by itself.</summary>
    public int MaxConnections { get; init; } = 4096;

    /// <summary>
    /// How long a client may send nothing of its request, or take nothing of its answer, before it is dropped. Where the server
    /// is part of an application, the application's own listener says how long a request may take.
    /// </summary>
    public TimeSpan ClientTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The folder for what outlives the server; null or empty keeps nothing. <c>konko serve</c> takes a folder of the user's where none is named.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Most resumable streams that are kept, running and finished.</summary>
    public int StreamLimit { get; init; } = 1000;

    /// <summary>Most bytes of all resumable streams.</summary>
    public long StreamMemoryBytes { get; init; } = 256L << 20;

    /// <summary>How long a resumable stream is kept after its end.</summary>
    public TimeSpan StreamKeep { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a resumable stream goes on that nobody reads, before it is cancelled.</summary>
    public TimeSpan StreamGrace { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a request waits for a model that is still loading before it is answered 503.</summary>
    public TimeSpan LoadWait { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long running answers may go on after the server was told to stop.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A certificate for HTTPS, PEM or PFX; null speaks HTTP.</summary>
    public string? TlsCertificate { get; init; }

    /// <summary>The PEM key of <see cref="TlsCertificate"/> where it is not in the same file.</summary>
    public string? TlsKey { get; init; }

    /// <summary>The password of the PFX file or of the PEM key.</summary>
    public string? TlsPassword { get; init; }

    /// <summary>Speaks HTTP/2 without TLS (prior knowledge) instead of HTTP/1.1.</summary>
    public bool H2c { get; init; }

    /// <summary>Says where the server listens; never prints a secret, as a record otherwise would.</summary>
    public override string ToString() => $"{nameof(KonkoOptions)} {{ {Host}:{Port} }}";
}
