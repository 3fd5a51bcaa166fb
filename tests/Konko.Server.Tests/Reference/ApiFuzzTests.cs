using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Konko.Server.Configuration;
using Konko.Server.Tests.Support;

namespace Konko.Server.Tests.Reference;

/// <summary>
/// Everything that the document describes, asked of a server of the embedded models with values that the document allows
/// and with such as it does not: every answer comes in time, with a status that the document names, and satisfies its schema.
/// </summary>
[Trait("Gate", "fuzz-api")]
public sealed class ApiFuzzTests : IAsyncLifetime
{
    private const string Key = "ko-fuzz";
    private const int Lanes = 6;
    private const int MostFailures = 10;
    private const int BodyLimit = 48 * 1024;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly string[] s_methods = ["GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "QUERY"];
    private static readonly string[] s_types = ["text/plain", "application/json; charset=utf-16", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/problem+json", "*/*", "application/json;;;", "APPLICATION/JSON"];

    private static readonly (string Name, string Value)[] s_headers =
    [
        ("Accept", "text/event-stream"), ("Accept", "\u0001"), ("Last-Event-ID", "-1"), ("Last-Event-ID", "99999999999999999999"), ("Last-Event-ID", "1"), ("X-Konko-Resumable", "true"), ("X-Konko-Resumable", "\t"),
        ("X-Request-Id", "a\"b\\"), ("X-Request-Id", "ok-1"), ("Origin", "http://localhost"), ("Origin", "null"), ("X-Stainless-Helper-Method", "chat.completions.stream"), ("Content-Encoding", "gzip"),
        ("Accept-Encoding", "gzip, br"), ("Range", "bytes=0-1"), ("If-None-Match", "*"), ("Cookie", "a=b; c"), ("X-Forwarded-For", "1.2.3.4"), ("X-OpenAI-Api-Key", "sk-secret"), ("Transfer-Encoding", "chunked"),
    ];

    private readonly OpenApi _api = new(OpenApiDocument.Text());
    private readonly SchemaValues _values;
    private readonly Queue<string> _streams = new();
    private readonly SortedDictionary<string, int> _seen = new(StringComparer.Ordinal);
    private KonkoServer _server = null!;

    public ApiFuzzTests() => _values = new SchemaValues(_api)
    {
        Models = ["huggingfacetb/smollm2-135m-instruct", "HuggingFaceTB/SmolLM2-135M-Instruct", "huggingfacetb/smollm2-135m-instruct", "sentence-transformers/all-minilm-l6-v2", "gpt-4"],
    };

    public async ValueTask InitializeAsync()
    {
        _server = KonkoServer.Create(new KonkoOptions { Port = 0, Keys = [Key], ContextLength = 384, MaxTokensDefault = 8, BodyLimitBytes = BodyLimit, StreamLimit = 100 });
        await _server.StartAsync(TestContext.Current.CancellationToken);
        await _server.Loading;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Request_AnyOfTheDocumentOrDamaged_IsAnsweredAsTheDocumentSays()
    {
        long end = Stopwatch.GetTimestamp() + (GateScale.Of(10, 600) * Stopwatch.Frequency);
        int rounds = 0;
        (TimeSpan Took, string What) slowest = (TimeSpan.Zero, "");
        var failures = new ConcurrentQueue<string>();
        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(lane => Task.Run(async () =>
        {
            using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{_server.EndPoints[0].Port}"), Timeout = s_patience };
            for (int round = 0; Stopwatch.GetTimestamp() < end && failures.Count < MostFailures; round++)
            {
                // A failure is found again by its lane and round alone.
                var random = new Random((lane * 1_000_000) + round);
                Interlocked.Increment(ref rounds);
                string what = "";
                long begun = Stopwatch.GetTimestamp();
                try
                {
                    string? wrong = random.Next(12) == 0
                        ? await OddHttp.SendAsync(_server.EndPoints[0], random, Key, Encoding.UTF8.GetBytes(Body(random, _api.Operations[0]).ToJsonString()), s_patience)
                        : await RequestAsync(client, random, text => what = text);
                    if (wrong is not null) failures.Enqueue($"lane {lane}, round {round}: {wrong}\n{what}");
                }
                catch (Exception e)
                {
                    failures.Enqueue($"lane {lane}, round {round}: {e}\n{what}");
                }

                TimeSpan took = Stopwatch.GetElapsedTime(begun);
                lock (_seen)
                    if (took > slowest.Took) slowest = (took, what);
            }
        })));
        Assert.True(failures.IsEmpty, string.Join("\n\n", failures.Select(failure => failure.Length < 3000 ? failure : failure[..3000])));
        foreach ((string answer, int count) in _seen) TestContext.Current.TestOutputHelper?.WriteLine($"{count,8} {answer}");
        TestContext.Current.TestOutputHelper?.WriteLine($"{rounds,8} requests, the slowest {slowest.Took.TotalSeconds:F1} s: {(slowest.What.Length < 1000 ? slowest.What : slowest.What[..1000])}");
        // It would be worth nothing if all were refused, or none.
        int answered = _seen.Where(entry => entry.Key.StartsWith("POST", StringComparison.Ordinal) && entry.Key.EndsWith(" 200", StringComparison.Ordinal)).Sum(entry => entry.Value);
        Assert.InRange(answered, rounds / 20, rounds * 9 / 10);
        Assert.Equal(0, _server.Running);
    }

    private async Task<string?> RequestAsync(HttpClient client, Random random, Action<string> tell)
    {
        // Where answers are made there is most to break.
        ApiOperation operation = random.Next(12) switch
        {
            < 8 => Pick(random, [.. _api.Operations.Where(one => one.Request is not null)]),
            8 => Pick(random, [.. _api.Operations.Where(one => one.Path.Contains("/streams/", StringComparison.Ordinal))]),
            _ => Pick(random, [.. _api.Operations]),
        };
        string method = random.Next(25) == 0 ? Pick(random, s_methods) : operation.Method;
        bool isSound = true;
        byte[]? body = operation.Request is null ? null : BodyBytes(random, operation, out isSound);
        if (body is null && random.Next(15) == 0) body = Encoding.UTF8.GetBytes("{}");
        string path = Path(random, operation);
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            string type = random.Next(25) == 0 ? Pick(random, s_types) : "application/json";
            if (random.Next(40) > 0) request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        for (int i = random.Next(4) == 0 ? random.Next(1, 4) : 0; i > 0; i--)
        {
            (string name, string value) = s_headers[random.Next(s_headers.Length)];
            if (name == "Transfer-Encoding") request.Headers.TransferEncodingChunked = body is not null;
            else if (name == "Content-Encoding") request.Content?.Headers.TryAddWithoutValidation(name, value);
            else request.Headers.TryAddWithoutValidation(name, value);
        }

        // Or there would be nothing to go on with.
        if (body is not null && random.Next(6) == 0) request.Headers.TryAddWithoutValidation("X-Konko-Resumable", "true");
        if (random.Next(20) > 0) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        tell($"{method} {path} {(body is null ? "" : Encoding.UTF8.GetString(body))}");
        using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        string answer = await ReadAsync(response, leavesAfter: random.Next(20) == 0 ? random.Next(2000) : int.MaxValue);
        return Check(operation, method, response, answer, isSound && random.Next(2) == 0 ? body : null);
    }

    private string? Check(ApiOperation asked, string method, HttpResponseMessage response, string answer, byte[]? body)
    {
        int status = (int)response.StatusCode;
        ApiOperation? operation = _api.Operations.FirstOrDefault(one => one.Method == method && one.Path == asked.Path);
        lock (_seen)
        {
            string line = $"{method} {asked.Path} {status}";
            _seen[line] = _seen.GetValueOrDefault(line) + 1;
        }

        string said = $"{status} {answer}";
        // The listener refuses what is no path before there is a call.
        if (!response.Headers.NonValidated.Contains("x-request-id")) return status == 400 && answer.Length == 0 ? null : "no x-request-id: " + said;
        if (operation is null) return status is 401 or 404 or 405 || (method == "OPTIONS" && status == 204) ? null : "no such method: " + said;
        if (!operation.Responses.TryGetValue(status, out JsonElement described)) return "a status that is not described: " + said;
        if (status >= 500 && status != 503) return said;
        if (answer.EndsWith(Left, StringComparison.Ordinal) || method == "HEAD") return null;
        string? media = response.Content.Headers.ContentType?.MediaType;
        (string Media, JsonElement Content)[] contents = [.. OpenApi.ContentOf(described)];
        if (contents.Length == 0) return answer.Length == 0 ? null : "a body that is not described: " + said;
        if (contents.FirstOrDefault(content => content.Media == media) is not { Media: not null } content) return $"{media} is not described: " + said;
        if (_api.AnswerErrors(media!, content.Content, answer) is string errors) return errors;
        if (media == "text/event-stream") return CheckStream(answer);
        return status == 200 && body is not null && operation.Request is { } schema && Violation(schema, body) is string violation ? "accepted, though " + violation : null;
    }

    private string? CheckStream(string answer)
    {
        if (answer.Contains("\"type\":\"server_error\"", StringComparison.Ordinal)) return answer;
        bool isDone = answer.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal);
        bool isBroken = answer.Contains("data: {\"error\":", StringComparison.Ordinal);
        if (isDone == isBroken) return "a stream without an end, or with two: " + answer;
        // Those of a stream that can be gone on with have ids.
        if (answer.StartsWith("id: ", StringComparison.Ordinal) && answer.IndexOf("\"id\":\"", StringComparison.Ordinal) is > 0 and int at)
        {
            lock (_streams)
            {
                _streams.Enqueue(answer.Substring(at + 6, 36));
                if (_streams.Count > 20) _streams.Dequeue();
            }
        }

        return null;
    }

    private string? Violation(JsonElement request, byte[] body)
    {
        using JsonDocument document = JsonDocument.Parse(body);
        return _api.Errors(request.GetProperty("schema"), document.RootElement, isAnswer: false);
    }

    private JsonObject Body(Random random, ApiOperation operation)
    {
        JsonElement schema = (operation.Request ?? _api.Operations.First(one => one.Request is not null).Request!.Value).GetProperty("schema");
        JsonObject body = _values.Next(random, schema)!.AsObject();
        if (random.Next(5) > 0) Reconcile(random, operation, body);
        // Not one in many may take long: there are two processors, and many to ask.
        if (body["n"] is not null && random.Next(20) > 0) body["n"] = random.Next(1, 4);
        if (body["best_of"] is not null && random.Next(20) > 0) body["best_of"] = random.Next(3, 5);
        foreach (string most in (string[])["max_tokens", "max_completion_tokens", "max_output_tokens"])
            if (body.ContainsKey(most) && random.Next(8) > 0) body[most] = random.Next(6);
        return body;
    }

    // What a schema does not say: which members do not go together, and which model does what.
    private static void Reconcile(Random random, ApiOperation operation, JsonObject body)
    {
        bool embeds = operation.Path == "/v1/embeddings";
        body["model"] = embeds ? "sentence-transformers/all-minilm-l6-v2" : "huggingfacetb/smollm2-135m-instruct";
        if (body.ContainsKey("top_logprobs")) body["logprobs"] = true;
        if (body.ContainsKey("tools")) body.Remove("functions");
        else body.Remove("tool_choice");
        if (!body.ContainsKey("functions")) body.Remove("function_call");
        if (operation.Path == "/v1/tokenize" && body.ContainsKey("messages") == body.ContainsKey("prompt")) body["prompt"] = body.ContainsKey("messages") ? null : "Hello";
        string[] constraints = [.. body.Select(member => member.Key).Where(name => name is "response_format" || name.StartsWith("guided_", StringComparison.Ordinal))];
        foreach (string constraint in constraints.Skip(1)) body.Remove(constraint);
        bool streams = operation.Responses.Values.Any(response => OpenApi.ContentOf(response).Any(content => content.Media == "text/event-stream")) && random.Next(2) == 0;
        if (streams) body["stream"] = true;
        else body.Remove("stream_options");
        if (streams) body.Remove("best_of");
        if (body.ContainsKey("echo")) body.Remove("suffix");
        body.Remove("min_tokens");
    }

    private byte[] BodyBytes(Random random, ApiOperation operation, out bool isSound)
    {
        isSound = true;
        JsonObject body = Body(random, operation);
        int kind = random.Next(20);
        if (kind < 7) return Encoding.UTF8.GetBytes(body.ToJsonString());
        if (kind < 15)
        {
            for (int i = random.Next(3) > 0 ? 1 : random.Next(2, 4); i > 0; i--) ValueMutator.Change(random, body);
            return Encoding.UTF8.GetBytes(body.ToJsonString());
        }

        isSound = false;
        return kind switch
        {
            < 19 => BodyMutator.Next(random, body),
            _ when random.Next(3) == 0 => [.. Enumerable.Repeat((byte)' ', BodyLimit + random.Next(2))],
            _ => BodyMutator.Break(random, Encoding.UTF8.GetBytes(body.ToJsonString())),
        };
    }

    private string Path(Random random, ApiOperation operation)
    {
        string id = operation.Path.Contains("/streams/", StringComparison.Ordinal) ? Stream(random) : Pick(random, [.. _values.Models, "a%2Fb", "%00", "%FF%FE", "..", "x/y/z//", "%E2%98%83", new string('m', 2000)]);
        string path = operation.Path.Replace("{id}", id, StringComparison.Ordinal);
        return random.Next(20) switch { 0 => path + "?stream=true&a[]=%00", 1 when path != "/" => path + "/", _ => path };
    }

    private string Stream(Random random)
    {
        lock (_streams)
            return _streams.Count > 0 && random.Next(3) > 0 ? _streams.ElementAt(random.Next(_streams.Count)) : Pick(random, ["a91c0730-161f-4885-aa5f-076da3dfa8c8", "x", "%00", "..%2f..%2fetc", "A91C"]);
    }

    private const string Left = "(left)";

    // A stream that breaks off after an error has told why.
    private static async Task<string> ReadAsync(HttpResponseMessage response, int leavesAfter)
    {
        var bytes = new MemoryStream();
        byte[] buffer = new byte[4096];
        using var patience = new CancellationTokenSource(s_patience);
        await using Stream body = await response.Content.ReadAsStreamAsync(patience.Token);
        try
        {
            while (await body.ReadAsync(buffer, patience.Token) is > 0 and int count)
            {
                bytes.Write(buffer, 0, count);
                if (bytes.Length > leavesAfter) return Left;
            }
        }
        catch (HttpIOException) when (Encoding.UTF8.GetString(bytes.ToArray()).Contains("data: {\"error\":", StringComparison.Ordinal))
        {
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static T Pick<T>(Random random, T[] list) => list[random.Next(list.Length)];
}
