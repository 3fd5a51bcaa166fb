using System.Text.Json;
using Konko.Server.Configuration;
using Konko.Server.Models;
using Konko.Server.Tests.Hosting;

namespace Konko.Server.Tests.Models;

public sealed class ModelEndpointsTests
{
    private static readonly string[] s_fields =
    [
        "id", "created", "object", "owned_by", "is_chat", "is_text", "creator", "creator_logo_url", "name", "description", "category",
        "censorship", "max_context_length", "license_name", "license_url", "public_endpoint_pricing", "private_endpoint_pricing",
        "docs_url", "prompt_guide_url", "is_embedding", "capabilities", "quantization", "parameters", "provider", "state",
    ];

    private static readonly KonkoOptions s_aliased = new() { Aliases = new Dictionary<string, string> { ["Mistralai/Mistral-7B-Instruct-v0.1"] = RunningServer.ModelId } };

    [Fact]
    public async Task List_OneModelAndAnAlias_HoldsEveryFieldInOrder()
    {
        await using RunningServer server = await RunningServer.StartAsync(s_aliased);

        JsonElement list = await RunningServer.JsonAsync(await server.GetAsync("/v1/models"));

        Assert.Equal("list", list.GetProperty("object").GetString());
        JsonElement[] rows = [.. list.GetProperty("data").EnumerateArray()];
        Assert.Equal([RunningServer.ModelId, "mistralai/mistral-7b-instruct-v0.1"], rows.Select(r => r.GetProperty("id").GetString()));
        foreach (JsonElement row in rows)
        {
            Assert.Equal(s_fields, row.EnumerateObject().Select(p => p.Name));
            Assert.Equal(row.GetProperty("id").GetString(), row.GetProperty("name").GetString());
            Assert.Equal("model", row.GetProperty("object").GetString());
            Assert.Equal("org", row.GetProperty("owned_by").GetString());
            Assert.True(row.GetProperty("is_chat").GetBoolean());
            Assert.Equal(2048, row.GetProperty("max_context_length").GetInt32());
            Assert.Equal(JsonValueKind.Null, row.GetProperty("censorship").ValueKind);
            Assert.Equal("local", row.GetProperty("provider").GetString());
            Assert.Equal("loaded", row.GetProperty("state").GetString());
        }
    }

    [Theory]
    [InlineData("/v1/models/org/tiny")]
    [InlineData("/v1/models/org%2Ftiny")]
    [InlineData("/v1/models/org%2ftiny")]
    [InlineData("/v1/models/ORG/Tiny")]
    [InlineData("/v1/models/Org%2FTINY")]
    public async Task Retrieve_AnySpelling_ReturnsTheCanonicalRow(string path)
    {
        await using RunningServer server = await RunningServer.StartAsync();

        HttpResponseMessage response = await server.GetAsync(path);
        JsonElement row = await RunningServer.JsonAsync(response);

        Assert.Equal(s_fields, row.EnumerateObject().Select(p => p.Name));
        Assert.Equal(RunningServer.ModelId, row.GetProperty("id").GetString());
        Assert.Equal(RunningServer.ModelId, Assert.Single(response.Headers.GetValues("x-konko-model")));
    }

    [Fact]
    public async Task Retrieve_Alias_NamesTheRealModelInAHeader()
    {
        await using RunningServer server = await RunningServer.StartAsync(s_aliased);

        HttpResponseMessage response = await server.GetAsync("/v1/models/mistralai%2FMistral-7B-Instruct-v0.1");

        Assert.Equal("mistralai/mistral-7b-instruct-v0.1", (await RunningServer.JsonAsync(response)).GetProperty("id").GetString());
        Assert.Equal(RunningServer.ModelId, Assert.Single(response.Headers.GetValues("x-konko-model")));
    }

    [Fact]
    public async Task Retrieve_UnknownModel_Is404AndSaysWhatWouldHelp()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        JsonElement error = await RunningServer.ErrorAsync(await server.GetAsync("/v1/models/gpt-4o"), 404);

        Assert.Equal("model_not_found", error.GetProperty("code").GetString());
        Assert.Equal("model", error.GetProperty("param").GetString());
        Assert.Equal("There is no model 'gpt-4o' here. Served: 'org/tiny'. To serve one of them by that name, start the server with --alias gpt-4o=org/tiny.", error.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Retrieve_EndlessName_IsShownShortened()
    {
        await using RunningServer server = await RunningServer.StartAsync();

        JsonElement error = await RunningServer.ErrorAsync(await server.GetAsync("/v1/models/" + new string('x', 4000)), 404);

        Assert.InRange(error.GetProperty("message").GetString()!.Length, 100, 500);
    }

    [Fact]
    public async Task List_WhileLoading_SaysSoAndKnowsTheFile()
    {
        var loader = new ScriptedLoader();
        await using RunningServer server = await RunningServer.StartAsync(loader: loader);

        JsonElement row = await RunningServer.JsonAsync(await server.GetAsync("/v1/models/org/tiny"));

        Assert.Equal("loading", row.GetProperty("state").GetString());
        Assert.True(row.GetProperty("is_chat").GetBoolean());
        Assert.Equal("Q4_1", row.GetProperty("quantization").GetString());
        Assert.Equal(8192, row.GetProperty("max_context_length").GetInt32());
    }

    [Fact]
    public async Task Retrieve_ConfiguredMetadata_GoesOverTheFilesOwn()
    {
        string file = Path.GetTempFileName();
        var model = new ModelOptions
        {
            Path = file,
            Id = "Mistralai/Mistral-7B-Instruct-v0.1",
            Aliases = ["m"],
            Metadata = new ModelMetadata { Description = "ours", IsText = false, PublicEndpointPricing = "$0.0003 / 1k tokens" },
        };
        await using RunningServer server = await RunningServer.StartAsync(new KonkoOptions { Models = [model] });

        JsonElement row = await RunningServer.JsonAsync(await server.GetAsync("/v1/models/m"));

        Assert.Equal("m", row.GetProperty("id").GetString());
        Assert.Equal("ours", row.GetProperty("description").GetString());
        Assert.False(row.GetProperty("is_text").GetBoolean());
        Assert.True(row.GetProperty("is_chat").GetBoolean());
        Assert.Equal("$0.0003 / 1k tokens", row.GetProperty("public_endpoint_pricing").GetString());
        Assert.Equal("Mistral AI", row.GetProperty("creator").GetString());
        Assert.Equal("Q4_1", row.GetProperty("quantization").GetString());
        File.Delete(file);
    }

    [Fact]
    public void Catalogue_OfTheEmbeddedModels_IsFoundInTheClone()
    {
        IReadOnlyList<ModelOptions> models = ModelCatalogue.Embedded();

        Assert.Equal(["huggingfacetb/smollm2-135m-instruct", "sentence-transformers/all-minilm-l6-v2"], models.Select(ModelCatalogue.IdOf));
        Assert.All(models, model => Assert.True(File.Exists(model.Path)));
        Assert.Equal("Apache-2.0", ModelCatalogue.MetadataOf("HuggingFaceTB/SmolLM2-135M-Instruct").LicenseName);
    }

    [Fact]
    public async Task Serve_Encoder_IsListedAndTokenizesButIsRefusedForText()
    {
        const string id = "sentence-transformers/all-minilm-l6-v2";
        // Whatever a file's entry claims, an encoder has no text to give.
        var claims = new ModelOptions { Path = Repository.MiniLM, Metadata = new ModelMetadata { IsText = true } };
        await using RunningServer server = await RunningServer.StartOwnAsync(new KonkoOptions { Port = 0, Models = [claims] });

        JsonElement row = await RunningServer.JsonAsync(await server.GetAsync("/v1/models/" + id));
        Assert.True(row.GetProperty("is_embedding").GetBoolean());
        Assert.False(row.GetProperty("is_chat").GetBoolean());
        Assert.Equal("embeddings", Assert.Single(row.GetProperty("capabilities").EnumerateArray()).GetString());
        Assert.Equal(("loaded", 512, "Q8_0"), (row.GetProperty("state").GetString(), row.GetProperty("max_context_length").GetInt32(), row.GetProperty("quantization").GetString()));

        JsonElement chat = await server.PostAsync("/v1/chat/completions", $$"""{"model":"{{id}}","messages":[{"role":"user","content":"x"}]}""", 400);
        JsonElement text = await server.PostAsync("/v1/completions", $$"""{"model":"{{id}}","prompt":"x"}""", 400);
        Assert.Equal(("model", "model"), (chat.GetProperty("param").GetString(), text.GetProperty("param").GetString()));
        Assert.Equal($"The model '{id}' makes embeddings and gives no text; ask it at POST /v1/embeddings.", text.GetProperty("message").GetString());
        Assert.Equal(3, (await server.PostAsync("/v1/tokenize", $$"""{"model":"{{id}}","prompt":"hello"}""")).GetProperty("count").GetInt32());
    }

    [Theory]
    [InlineData("/x/My Model (1).Q4_0.gguf", "my-model--1-.q4_0")]
    [InlineData("/x/模型.gguf", "model")]
    [InlineData("SmolLM2-135M-Instruct.Q4_1.gguf", "huggingfacetb/smollm2-135m-instruct")]
    public void IdOf_FileWithoutId_IsACanonicalName(string path, string id) => Assert.Equal(id, ModelCatalogue.IdOf(new ModelOptions { Path = path }));
}
