using System.Text.Json;
using System.Text.RegularExpressions;
using Konko.Server.Tests.Hosting;
using Konko.Server.Tests.Support;
using Microsoft.AspNetCore.Routing;

namespace Konko.Server.Tests.Reference;

public sealed partial class OpenApiDocumentTests
{
    private static readonly string s_file = Repository.File("docs", "reference", "openapi.json");

    /// <summary>The environment variable <c>KONKO_ACCEPT=1</c> writes the file anew.</summary>
    [Fact]
    public void Committed_Document_IsWhatTheCodeSays()
    {
        string text = OpenApiDocument.Text();
        if (Golden.Accepts) File.WriteAllText(s_file, text);
        Assert.Equal(text, File.ReadAllText(s_file));
    }

    [Fact]
    public void Committed_References_Resolve()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(s_file));
        string[] references = [.. Reference().Matches(document.RootElement.GetRawText()).Select(match => match.Groups[1].Value).Distinct()];
        Assert.NotEmpty(references);
        foreach (string reference in references)
        {
            JsonElement at = document.RootElement;
            foreach (string step in reference.Split('/')) Assert.True(at.TryGetProperty(step, out at), reference);
        }
    }

    [Fact]
    public void Committed_Examples_SatisfyTheirSchemas()
    {
        var api = new OpenApi(File.ReadAllText(s_file));
        int examples = 0;
        foreach (ApiOperation operation in api.Operations)
        {
            if (operation.Request is { } request)
            {
                foreach (JsonElement example in OpenApi.ExamplesOf(request))
                {
                    examples++;
                    Assert.Null(api.Errors(request.GetProperty("schema"), example, isAnswer: false));
                }
            }

            foreach ((int status, JsonElement response) in operation.Responses)
            {
                foreach ((string media, JsonElement content) in OpenApi.ContentOf(response))
                {
                    foreach (JsonElement example in OpenApi.ExamplesOf(content))
                    {
                        examples++;
                        Assert.Null(api.AnswerErrors(media, content, media == "application/json" ? example.GetRawText() : example.GetString()!));
                    }
                }
            }
        }

        Assert.InRange(examples, 30, 1000);
    }

    [Fact]
    public async Task Routes_OfTheServer_AreThoseOfTheDocument()
    {
        await using RunningServer server = await RunningServer.StartAsync();
        string[] routes = [.. from endpoint in server.Server.Routes
                              let methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
                              from method in methods
                              select $"{method} {endpoint.RoutePattern.RawText!.Replace("{**id}", "{id}", StringComparison.Ordinal)}"];
        var api = new OpenApi(File.ReadAllText(s_file));
        Assert.Equal(routes.Order(StringComparer.Ordinal), api.Operations.Select(operation => $"{operation.Method} {operation.Path}").Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("\"\\$ref\": ?\"#/([^\"]+)\"")]
    private static partial Regex Reference();
}
