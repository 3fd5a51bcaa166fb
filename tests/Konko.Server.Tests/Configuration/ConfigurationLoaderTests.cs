using Konko.Server.Configuration;

namespace Konko.Server.Tests.Configuration;

public sealed class ConfigurationLoaderTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("konko-test-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void Load_NothingGiven_IsAFirstStart()
    {
        KonkoOptions options = Load();

        Assert.Equal("localhost", options.Host);
        Assert.Equal(5080, options.Port);
        Assert.Empty(options.Keys);
        Assert.Empty(options.Models);
        Assert.Equal(TimeSpan.FromSeconds(30), options.DrainTimeout);
    }

    [Theory]
    [InlineData(false, false, false, 5080)]
    [InlineData(true, false, false, 1001)]
    [InlineData(true, true, false, 1002)]
    [InlineData(true, true, true, 1003)]
    [InlineData(true, false, true, 1003)]
    [InlineData(false, true, false, 1002)]
    public void Load_SettingInSeveralLayers_TakesTheHighest(bool file, bool variable, bool flag, int port)
    {
        if (file) Write("konko.json", """{ "port": 1001 }""");

        KonkoOptions options = Load(
            flags: flag ? [("port", ["1003"])] : [],
            variables: variable ? [("KONKO_PORT", "1002")] : []);

        Assert.Equal(port, options.Port);
    }

    [Fact]
    public void Load_LayersOfDifferentSettings_AreMerged()
    {
        Write("konko.json", """{ "queue": 3, "threads": 1, "cors": ["https://a.example"] }""");

        KonkoOptions options = Load(flags: [("threads", ["2"])], variables: [("KONKO_MAX_RUNNING", "5")]);

        Assert.Equal((3, 2, 5), (options.QueueLimit, options.Threads, options.MaxRunning));
        Assert.Equal(["https://a.example"], options.CorsOrigins);
    }

    [Fact]
    public void Load_WholeFile_SetsEverything()
    {
        string model = Write("m.gguf", "");
        string template = Write("t.jinja", "");
        Directory.CreateDirectory(Path.Combine(_directory, "more"));
        Write("keys.txt", "# two keys\nko-one\n\n  ko-two  \n");
        Write("konko.json", """
            {
              // A comment, and trailing commas.
              "models": [
                "m.gguf",
                { "path": "m.gguf", "id": "Org/Big", "alias": ["big", "bigger"], "load": "demand", "unload_after": "90s", "chat_template": "t.jinja",
                  "metadata": { "description": "ours", "capabilities": ["chat"], "created": 7 } },
              ],
              "aliases": { "other/name": "org/big" },
              "host": "127.0.0.1", "port": 0, "keys": ["ko-zero"], "keys_file": "keys.txt",
              "allow_hosts": ["konko.lan"], "cors": "https://app.example", "trusted_proxies": ["10.0.0.0/8", "::1"],
              "threads": 3, "context": 2048, "queue": 7, "max_running": 9, "kv_memory": "1.5GiB", "max_tokens_default": 24, "no_drafting": true,
              "models_dir": "more", "load": "start", "unload_after": "2h", "memory": "6GiB",
              "body_limit": "64K", "load_wait": 0.5, "drain_timeout": 12, "h2c": true,
            }
            """);

        KonkoOptions options = Load();

        Assert.Equal(2, options.Models.Count);
        Assert.Equal(model, options.Models[0].Path);
        Assert.Null(options.Models[0].Id);
        Assert.Equal("Org/Big", options.Models[1].Id);
        Assert.Equal(["big", "bigger"], options.Models[1].Aliases);
        Assert.Equal((ModelLoad.Demand, TimeSpan.FromSeconds(90), template), (options.Models[1].Load, options.Models[1].UnloadAfter, options.Models[1].ChatTemplate));
        Assert.Null(options.Models[0].Load);
        Assert.Equal((Path.Combine(_directory, "more"), ModelLoad.Start, TimeSpan.FromHours(2), 6L << 30), (options.ModelsDirectory, options.Load, options.UnloadAfter, options.MemoryBytes));
        Assert.Equal("ours", options.Models[1].Metadata.Description);
        Assert.Equal(["chat"], options.Models[1].Metadata.Capabilities);
        Assert.Equal(7, options.Models[1].Metadata.Created);
        Assert.Equal("org/big", options.Aliases["Other/Name"]);
        Assert.Equal(["ko-zero", "ko-one", "ko-two"], options.Keys);
        Assert.Equal(["konko.lan"], options.AllowedHosts);
        Assert.Equal(["https://app.example"], options.CorsOrigins);
        Assert.Equal(["10.0.0.0/8", "::1"], options.TrustedProxies);
        Assert.Equal((3, 2048, 7, 9), (options.Threads, options.ContextLength, options.QueueLimit, options.MaxRunning));
        Assert.Equal(3L << 29, options.KvMemoryBytes);
        Assert.Equal(24, options.MaxTokensDefault);
        Assert.False(options.Drafting);
        Assert.Equal(64 << 10, options.BodyLimitBytes);
        Assert.Equal((0.5, 12), (options.LoadWait.TotalSeconds, options.DrainTimeout.TotalSeconds));
        Assert.True(options.H2c);
    }

    [Fact]
    public void Load_FlagsAndVariables_ReadModelsAndAliases()
    {
        string model = Write("m=1.gguf", "");

        KonkoOptions options = Load(flags: [("models", [model, model + "=org/m"])], variables: [("KONKO_ALIASES", "a=org/m, b=m-1")]);

        Assert.Equal([(model, null), (model, "org/m")], options.Models.Select(m => (m.Path, m.Id)));
        Assert.Equal("org/m", options.Aliases["A"]);
    }

    [Theory]
    [InlineData("90", 90)]
    [InlineData("90s", 90)]
    [InlineData("1.5m", 90)]
    [InlineData("2h", 7200)]
    [InlineData("30D", 30 * 86400)]
    [InlineData("off", -0.001)]
    public void Load_Time_IsReadInAnyUnit(string text, double seconds)
        => Assert.Equal(TimeSpan.FromSeconds(seconds), Load(flags: [("unload_after", [text])]).UnloadAfter);

    [Fact]
    public void Load_FileNamedByFlagOrVariable_IsReadInsteadOfTheDefault()
    {
        Write("konko.json", """{ "port": 1 }""");
        string second = Write("second.json", """{ "port": 2 }""");
        string third = Write("third.json", """{ "port": 3 }""");

        Assert.Equal(2, Load(variables: [("KONKO_CONFIG", second)]).Port);
        Assert.Equal(3, Load(variables: [("KONKO_CONFIG", second)], file: third).Port);
    }

    [Fact]
    public void Load_VariablesOfTheSdkAndOfKubernetes_AreNotSettings()
    {
        KonkoOptions options = Load(variables:
        [
            ("KONKO_API_KEY", "ko-client"), ("KONKO_BASE_URL", "http://x"), ("KONKO_API_BASE", "http://x"), ("KONKO_HISTORY", "off"),
            ("KONKO_PORT", "tcp://10.0.0.1:5080"), ("KONKO_PORT_5080_TCP_ADDR", "10.0.0.1"), ("KONKO_SERVICE_HOST", "10.0.0.1"),
            ("KONKO_THREADS", ""), ("PATH", "/bin"),
        ]);

        Assert.Equal(5080, options.Port);
        Assert.Empty(options.Keys);
        Assert.Null(options.Threads);
    }

    [Theory]
    [InlineData("port", "http", "port (--port): must be a whole number from 0 to 65535, not 'http'.")]
    [InlineData("port", "65536", "port (--port): must be a whole number from 0 to 65535, not '65536'.")]
    [InlineData("threads", "0", "threads (--threads): must be a whole number from 1 to 1024, not '0'.")]
    [InlineData("context", "1", "context (--context): must be a whole number of at least 16, not '1'.")]
    [InlineData("queue", "0", "queue (--queue): must be a whole number from 1 to 1000000, not '0'.")]
    [InlineData("max_running", "0", "max_running (--max-running): must be a whole number from 1 to 4096, not '0'.")]
    [InlineData("max_tokens_default", "0", "max_tokens_default (--max-tokens-default): must be a whole number of at least 1, not '0'.")]
    [InlineData("kv_memory", "much", "kv_memory (--kv-memory): must be a size of at least 1048576 bytes, such as 512MiB or 2GiB, not 'much'.")]
    [InlineData("kv_memory", "99999999999T", "kv_memory (--kv-memory): must be a size of at least 1048576 bytes, such as 512MiB or 2GiB, not '99999999999T'.")]
    [InlineData("memory", "1", "memory (--memory): must be a size of at least 1048576 bytes, such as 512MiB or 2GiB, not '1'.")]
    [InlineData("load", "now", "load (--load): must be start or demand, not 'now'.")]
    [InlineData("unload_after", "0", "unload_after (--unload-after): must be a time from 1s to 30d, such as 90s, 10m or 2h, or off; not '0'.")]
    [InlineData("unload_after", "m", "unload_after (--unload-after): must be a time from 1s to 30d, such as 90s, 10m or 2h, or off; not 'm'.")]
    [InlineData("models_dir", "nowhere", "models_dir (--models-dir): there is no folder 'nowhere'.")]
    [InlineData("chat_template", "nowhere.jinja", "chat_template (--chat-template): there is no file 'nowhere.jinja'.")]
    [InlineData("body_limit", "1", "body_limit (--body-limit): must be a size of at least 1024 bytes, such as 512MiB or 2GiB, not '1'.")]
    [InlineData("drain_timeout", "-1", "drain_timeout (--drain-timeout): must be a number of seconds from 0 to 86400, not '-1'.")]
    [InlineData("load_wait", "soon", "load_wait (--load-wait): must be a number of seconds from 0 to 86400, not 'soon'.")]
    [InlineData("no_auth", "maybe", "no_auth (--no-auth): must be true or false, not 'maybe'.")]
    [InlineData("h2c", "2", "h2c (--h2c): must be true or false, not '2'.")]
    [InlineData("aliases", "name", "aliases (--alias): must be NAME=ID, not 'name'.")]
    [InlineData("aliases", "a=nobody", "aliases (--alias): 'a' stands for 'nobody', which is not served. Served: huggingfacetb/smollm2-135m-instruct, sentence-transformers/all-minilm-l6-v2.")]
    [InlineData("aliases", "a b=huggingfacetb/smollm2-135m-instruct", "aliases (--alias): 'a b' cannot name a model: letters, digits and . _ - : @ + with single slashes between, at most 200.")]
    [InlineData("models", "nowhere.gguf", "models (--model): there is no file 'nowhere.gguf'.")]
    [InlineData("host", "example.com", "host (--host): must be localhost, an IP address, or * for every address, not 'example.com'.")]
    [InlineData("host", "0.0.0.0", "host (--host): '0.0.0.0' can be reached by others and no keys are configured. Add --key KEY, or --no-auth to serve everybody who can reach it.")]
    [InlineData("host", "*", "host (--host): '*' can be reached by others and no keys are configured. Add --key KEY, or --no-auth to serve everybody who can reach it.")]
    [InlineData("cors", "app.example", "cors (--cors): must be an origin such as https://app.example, without a path, or *; not 'app.example'.")]
    [InlineData("cors", "https://app.example/", "cors (--cors): must be an origin such as https://app.example, without a path, or *; not 'https://app.example/'.")]
    [InlineData("allow_hosts", "http://x", "allow_hosts (--allow-host): must be a host's name without scheme and port, not 'http://x'.")]
    [InlineData("trusted_proxies", "proxy", "trusted_proxies (--trusted-proxy): must be an IP address or a network such as 10.0.0.0/8, not 'proxy'.")]
    [InlineData("keys", "a b", "keys (--key): a key must be visible ASCII characters without spaces.")]
    [InlineData("keys", "", "keys (--key): a key must be visible ASCII characters without spaces.")]
    [InlineData("tls_cert", "no.pem", "tls_cert (--tls-cert): there is no file 'no.pem'.")]
    [InlineData("tls_key", "no.pem", "tls_key (--tls-key): needs --tls-cert too.")]
    [InlineData("tls_password", "x", "tls_password (--tls-password): needs --tls-cert too.")]
    public void Load_WrongFlag_NamesTheSettingTheOriginAndTheRule(string setting, string value, string message)
        => Assert.Equal([message], Errors(flags: [(setting, [value])]));

    [Fact]
    public void Load_WrongVariable_NamesTheVariable()
        => Assert.Equal(["port (KONKO_PORT): must be a whole number from 0 to 65535, not 'x'."], Errors(variables: [("KONKO_PORT", "x")]));

    [Theory]
    [InlineData("""{ "port": "x" }""", "port ({file}): must be a whole number from 0 to 65535, not 'x'.")]
    [InlineData("""{ "port": [1] }""", "port ({file}): must be one plain value.")]
    [InlineData("""{ "cors": [1] }""", "cors ({file}): must be a list of strings.")]
    [InlineData("""{ "prot": 1 }""", "prot ({file}): there is no such setting; did you mean 'port'?")]
    [InlineData("""{ "completely_other": 1 }""", "completely_other ({file}): there is no such setting.")]
    [InlineData("""{ "port": 1, "port": 2 }""", "port ({file}): stands twice in the file.")]
    [InlineData("""{ "port": 1 """, "config ({file}): is not valid JSON at line 1, byte 13.")]
    [InlineData("[]", "config ({file}): must hold one JSON object.")]
    [InlineData("""{ "models": [ { "id": "x" } ] }""", "models ({file}): a model has no 'path'.")]
    [InlineData("""{ "models": [ 1 ] }""", "models ({file}): each model must be a path, or an object with 'path'.")]
    [InlineData("""{ "models": [ { "path": "x", "alias": 1 } ] }""", "models ({file}): 'alias' must be a string or a list of strings.")]
    [InlineData("""{ "models": [ { "path": "x", "colour": 1 } ] }""", "models ({file}): 'colour' is not known. A model has 'path', 'id', 'alias' (a string or a list), 'load', 'unload_after', 'chat_template' and 'metadata'.")]
    [InlineData("""{ "models": [ { "path": "x", "metadata": { "colour": 1 } } ] }""", "models ({file}): 'colour' is not known. A model has 'path', 'id', 'alias' (a string or a list), 'load', 'unload_after', 'chat_template' and 'metadata'.")]
    [InlineData("""{ "models": [ { "path": "x", "metadata": { "created": "x" } } ] }""", "models ({file}): 'metadata.created' has a value of the wrong type. A model has 'path', 'id', 'alias' (a string or a list), 'load', 'unload_after', 'chat_template' and 'metadata'.")]
    [InlineData("""{ "aliases": [] }""", "aliases ({file}): must be an object of names and model ids.")]
    [InlineData("""{ "aliases": { "a": 1 } }""", "aliases ({file}): 'a' must be a model's id as a string.")]
    [InlineData("""{ "aliases": { "a": "x", "A": "x" } }""", "aliases ({file}): names 'A' twice.")]
    public void Load_WrongFile_NamesTheSettingAndTheFile(string json, string message)
    {
        string file = Write("konko.json", json);

        Assert.Equal([message.Replace("{file}", file, StringComparison.Ordinal)], Errors());
    }

    [Fact]
    public void Load_UnknownVariable_SuggestsTheNearest()
        => Assert.Equal(["KONKO_KEY (environment): there is no such setting; did you mean 'KONKO_KEYS'?"], Errors(variables: [("KONKO_KEY", "x")]));

    [Fact]
    public void Load_MissingConfigFile_IsAnError()
    {
        string error = Assert.Single(Errors(file: Path.Combine(_directory, "missing.json")));
        Assert.Contains("cannot be read", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_EmptyKeysFile_DoesNotOpenTheServer()
    {
        string keys = Write("keys.txt", "# none\n");

        Assert.Equal([$"keys_file (--keys-file): '{keys}' holds no keys; leave the setting out to serve without keys."], Errors(flags: [("keys_file", [keys])]));
    }

    [Fact]
    public void Load_SeveralWrongSettings_ReportsAll()
        => Assert.Equal(3, Errors(flags: [("port", ["x"]), ("threads", ["x"])], variables: [("KONKO_QUEUE", "x")]).Count);

    [Fact]
    public void Load_KeysAndNoAuth_IsAContradiction()
        => Assert.Equal(["no_auth (--no-auth): keys are configured too; leave one of them out."], Errors(flags: [("keys", ["ko-1"]), ("no_auth", ["true"])]));

    [Fact]
    public void Load_OneNameForTwoModels_IsAnError()
    {
        string model = Write("m.gguf", "");

        Assert.Equal(["models (--model): the name 'm' stands for two models; give one of them another id."], Errors(flags: [("models", [model, model])]));
        Assert.Equal(["aliases (--alias): 'm' is already the name of a model."], Errors(flags: [("models", [model]), ("aliases", ["M=m"])]).Select(e => e.Replace("'M'", "'m'", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    [InlineData("*")]
    public void Load_BeyondLoopbackWithKeysOrOnPurpose_IsAccepted(string host)
    {
        Assert.Equal(host, Load(flags: [("host", [host]), ("keys", ["ko-1"])]).Host);
        Assert.Equal(host, Load(flags: [("host", [host]), ("no_auth", ["true"])]).Host);
    }

    [Fact]
    public void ToString_OptionsWithSecrets_ShowsNone()
        => Assert.DoesNotContain("secret", new KonkoOptions { Keys = ["secret"], TlsPassword = "secret" }.ToString(), StringComparison.Ordinal);

    private string Write(string name, string text)
    {
        string path = Path.Combine(_directory, name);
        File.WriteAllText(path, text);
        return path;
    }

    private KonkoOptions Load((string Name, string[] Values)[]? flags = null, (string Name, string Value)[]? variables = null, string? file = null)
    {
        LoadedConfiguration loaded = Read(flags, variables, file);
        Assert.Empty(loaded.Errors);
        return loaded.Options;
    }

    private List<string> Errors((string Name, string[] Values)[]? flags = null, (string Name, string Value)[]? variables = null, string? file = null)
        => [.. Read(flags, variables, file).Errors.Select(e => e.ToString())];

    private LoadedConfiguration Read((string Name, string[] Values)[]? flags, (string Name, string Value)[]? variables, string? file)
        => ConfigurationLoader.Load(new ConfigurationSources
        {
            Flags = (flags ?? []).ToDictionary(f => f.Name, f => (IReadOnlyList<string>)f.Values),
            Environment = (variables ?? []).ToDictionary(v => v.Name, v => v.Value),
            File = file,
            Directory = _directory,
        });
}
