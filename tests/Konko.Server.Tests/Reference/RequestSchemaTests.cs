using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Konko.Server.Tests.Hosting;

namespace Konko.Server.Tests.Reference;

/// <summary>
/// What the document says of requests is written by hand, and held against the server here: every bound of every member, on
/// both of its sides. A request that is sound asks for a model that is not there, so that soundness is a 404.
/// </summary>
public sealed class RequestSchemaTests
{
    private static readonly Dictionary<string, string> s_least = new(StringComparer.Ordinal)
    {
        ["/v1/chat/completions"] = """{"model":"no/model","messages":[{"role":"user","content":"x"}]}""",
        ["/v1/completions"] = """{"model":"no/model","prompt":"x"}""",
        ["/v1/responses"] = """{"model":"no/model","input":"x"}""",
        ["/v1/embeddings"] = """{"model":"no/model","input":"x"}""",
        ["/v1/tokenize"] = """{"model":"no/model","messages":[{"role":"user","content":"x"}]}""",
        ["/v1/detokenize"] = """{"model":"no/model","tokens":[1]}""",
    };

    // Members that are only allowed beside others.
    private static readonly Dictionary<string, (string Name, string Value)> s_companions = new(StringComparer.Ordinal)
    {
        ["top_logprobs"] = ("logprobs", "true"),
        ["stream_options"] = ("stream", "true"),
        ["prompt"] = ("messages", "null"),
    };

    private readonly OpenApi _api = new(OpenApiDocument.Text());

    [Fact]
    public async Task Member_AtItsBounds_IsTakenAndBeyondThemRefused()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        var wrong = new List<string>();
        int probes = 0;
        foreach (ApiOperation operation in _api.Operations.Where(operation => operation.Request is not null))
        {
            JsonElement schema = _api.Resolve(operation.Request!.Value.GetProperty("schema"));
            HashSet<string> required = [.. schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()!)];
            foreach (JsonProperty member in schema.GetProperty("properties").EnumerateObject())
            {
                foreach ((string value, bool isSound) in Probes(member.Value).Append(("null", !required.Contains(member.Name))))
                {
                    if (member.Name == "model" && isSound) continue;
                    // One of the two must be there.
                    if (operation.Path == "/v1/tokenize" && member.Name is "prompt" or "messages" && value == "null") continue;
                    probes++;
                    string body = Body(operation.Path, member.Name, value);
                    JsonElement answer = await AskAsync(server, operation.Path, body);
                    string param = answer.GetProperty("param").GetString() ?? "";
                    bool isTaken = answer.GetProperty("code").GetString() == "model_not_found";
                    bool isRefused = param == member.Name || param.StartsWith(member.Name + ".", StringComparison.Ordinal) || param.StartsWith(member.Name + "[", StringComparison.Ordinal);
                    if (isSound ? !isTaken : !isRefused) wrong.Add($"{operation.Path} {member.Name}={(value.Length < 80 ? value : value[..80])} should be {(isSound ? "taken" : "refused")}: {answer}");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
        Assert.InRange(probes, 300, 10_000);
    }

    [Fact]
    public async Task Member_ThatIsRequired_IsMissed()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        foreach (ApiOperation operation in _api.Operations.Where(operation => operation.Request is not null))
        {
            JsonElement schema = _api.Resolve(operation.Request!.Value.GetProperty("schema"));
            foreach (string name in schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()!))
            {
                JsonObject body = JsonNode.Parse(s_least[operation.Path])!.AsObject();
                body.Remove(name);
                Assert.Equal(name, (await AskAsync(server, operation.Path, body.ToJsonString())).GetProperty("param").GetString());
            }
        }
    }

    private IEnumerable<(string Value, bool IsSound)> Probes(JsonElement schema)
    {
        schema = _api.Resolve(schema);
        if (schema.TryGetProperty("enum", out JsonElement values))
        {
            foreach (JsonElement value in values.EnumerateArray()) yield return (value.GetRawText(), true);
            yield return ("\"nonsense\"", false);
            yield break;
        }

        if (schema.TryGetProperty("anyOf", out _)) yield return ("7e-7", false);
        if (!schema.TryGetProperty("type", out JsonElement type)) yield break;
        string word = type.ValueKind == JsonValueKind.String ? type.GetString()! : type[0].GetString()!;
        switch (word)
        {
            case "integer" or "number":
                foreach ((string value, bool isSound) in Numbers(schema, word == "integer")) yield return (value, isSound);
                yield return ("\"1\"", false);
                yield return ("true", false);
                break;
            case "boolean":
                yield return ("true", true);
                yield return ("false", true);
                yield return ("\"true\"", false);
                yield return ("1", false);
                break;
            case "string":
                yield return ("1", false);
                yield return ("{}", false);
                if (schema.TryGetProperty("minLength", out _)) yield return ("\"\"", false);
                break;
            case "array":
                yield return ("\"x\"", false);
                yield return ("{}", false);
                if (schema.TryGetProperty("minItems", out _)) yield return ("[]", false);
                if (schema.TryGetProperty("maxItems", out JsonElement most)) yield return ($"[{string.Join(',', Enumerable.Repeat("{}", most.GetInt32() + 1))}]", false);
                break;
            case "object":
                yield return ("\"x\"", false);
                yield return ("[]", false);
                break;
        }
    }

    private static IEnumerable<(string Value, bool IsSound)> Numbers(JsonElement schema, bool isInteger)
    {
        if (schema.TryGetProperty("minimum", out JsonElement least))
        {
            yield return (least.GetRawText(), true);
            yield return (isInteger ? Beyond(least, -1) : (least.GetDouble() - 0.001).ToString("R", CultureInfo.InvariantCulture), false);
        }

        if (schema.TryGetProperty("exclusiveMinimum", out JsonElement above))
        {
            yield return ((above.GetDouble() + 0.001).ToString("R", CultureInfo.InvariantCulture), true);
            yield return (above.GetRawText(), false);
        }

        if (schema.TryGetProperty("maximum", out JsonElement most))
        {
            yield return (most.GetRawText(), true);
            yield return (isInteger ? Beyond(most, 1) : (most.GetDouble() + 0.001).ToString("R", CultureInfo.InvariantCulture), false);
        }

        if (isInteger) yield return ("1.5", false);
    }

    private static string Beyond(JsonElement bound, int by) => ((Int128)bound.GetInt64() + by).ToString(CultureInfo.InvariantCulture);

    // The last of equal members counts.
    private static string Body(string path, string name, string value)
    {
        string companion = s_companions.TryGetValue(name, out (string Name, string Value) other) && (name != "prompt" || path == "/v1/tokenize") ? $",\"{other.Name}\":{other.Value}" : "";
        return $"{s_least[path][..^1]}{companion},\"{name}\":{value}}}";
    }

    private static async Task<JsonElement> AskAsync(RunningServer server, string path, string body)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await server.Client.PostAsync(path, content, TestContext.Current.CancellationToken);
        return await RunningServer.ErrorAsync(response, (int)response.StatusCode);
    }
}
