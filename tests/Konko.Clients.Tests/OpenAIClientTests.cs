using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text.Json;
using OpenAI;
using OpenAI.Chat;
using OpenAI.Embeddings;

namespace Konko.Clients.Tests;

/// <summary>OpenAI's own client for .NET.</summary>
public sealed class OpenAIClientTests(ClientServers servers) : IClassFixture<ClientServers>
{
    private const string Weather = """{"type":"object","properties":{"city":{"type":"string","maxLength":20},"unit":{"enum":["c","f"]}},"required":["city","unit"],"additionalProperties":false}""";

    private static readonly ChatMessage[] s_question = [new UserChatMessage("Name three colours of the rainbow.")];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private ChatClient Chat => servers.Client.GetChatClient(ClientServers.ChatModel);

    private ChatClient Broken => servers.Broken.GetChatClient(FaultHost.FaultServer.Model);

    [Fact]
    public async Task CompleteChat_StreamedOrWhole_SaysTheSame()
    {
        ChatCompletion whole = await Chat.CompleteChatAsync(s_question, Options(), Token);
        (string text, ChatFinishReason? end, ChatTokenUsage? usage) = ("", null, null);
        await foreach (StreamingChatCompletionUpdate update in Chat.CompleteChatStreamingAsync(s_question, Options(), Token))
        {
            text += string.Concat(update.ContentUpdate.Select(part => part.Text));
            end ??= update.FinishReason;
            usage ??= update.Usage;
        }

        Assert.NotEmpty(text);
        Assert.Equal(whole.Content[0].Text, text);
        Assert.Equal(whole.FinishReason, end);
        Assert.Equal(whole.Usage.OutputTokenCount, usage!.OutputTokenCount);
    }

    [Fact]
    public async Task CompleteChat_ToolRequired_CallsItAndTakesItsResult()
    {
        ChatCompletionOptions options = Options(100);
        options.Tools.Add(ChatTool.CreateFunctionTool("get_weather", "The weather of a city.", BinaryData.FromString(Weather), functionSchemaIsStrict: true));
        options.ToolChoice = ChatToolChoice.CreateRequiredChoice();
        ChatCompletion whole = await Chat.CompleteChatAsync(s_question, options, Token);
        ChatToolCall call = Assert.Single(whole.ToolCalls);
        Assert.Equal(ChatFinishReason.ToolCalls, whole.FinishReason);
        Assert.Matches("""^\{"city": ?".*", ?"unit": ?"[cf]"\}$""", call.FunctionArguments.ToString());

        string arguments = "", name = "";
        await foreach (StreamingChatCompletionUpdate update in Chat.CompleteChatStreamingAsync(s_question, options, Token))
        {
            foreach (StreamingChatToolCallUpdate part in update.ToolCallUpdates)
            {
                name += part.FunctionName;
                arguments += part.FunctionArgumentsUpdate;
            }
        }

        Assert.Equal(("get_weather", call.FunctionArguments.ToString()), (name, arguments));
        options.ToolChoice = ChatToolChoice.CreateNoneChoice();
        ChatCompletion answer = await Chat.CompleteChatAsync([.. s_question, new AssistantChatMessage(whole), new ToolChatMessage(call.Id, "12 degrees")], options, Token);
        Assert.NotEmpty(answer.Content[0].Text);
    }

    [Fact]
    public async Task CompleteChat_Schema_IsKept()
    {
        ChatCompletionOptions options = Options(100);
        const string Schema = """{"type":"object","properties":{"ok":{"type":"boolean"}},"required":["ok"],"additionalProperties":false}""";
        options.ResponseFormat = ChatResponseFormat.CreateJsonSchemaFormat("answer", BinaryData.FromString(Schema), jsonSchemaIsStrict: true);
        ChatCompletion whole = await Chat.CompleteChatAsync(s_question, options, Token);
        using var answer = JsonDocument.Parse(whole.Content[0].Text);
        Assert.Equal(["ok"], answer.RootElement.EnumerateObject().Select(member => member.Name));
    }

    [Fact]
    public async Task CompleteChat_LogProbabilities_StandBesideEveryToken()
    {
        ChatCompletionOptions options = Options();
        (options.IncludeLogProbabilities, options.TopLogProbabilityCount) = (true, 2);
        ChatCompletion whole = await Chat.CompleteChatAsync(s_question, options, Token);
        var streamed = new List<ChatTokenLogProbabilityDetails>();
        await foreach (StreamingChatCompletionUpdate update in Chat.CompleteChatStreamingAsync(s_question, options, Token)) streamed.AddRange(update.ContentTokenLogProbabilities);

        Assert.NotEmpty(streamed);
        Assert.All(whole.ContentTokenLogProbabilities, entry => Assert.Equal(2, entry.TopLogProbabilities.Count));
        Assert.Equal(whole.ContentTokenLogProbabilities.Select(entry => (entry.Token, entry.LogProbability)), streamed.Select(entry => (entry.Token, entry.LogProbability)));
    }

    [Fact]
    public async Task GenerateEmbeddings_TwoTexts_AreTwoVectors()
    {
        OpenAIEmbeddingCollection vectors = await servers.Client.GetEmbeddingClient(ClientServers.EmbeddingModel).GenerateEmbeddingsAsync(["one", "two words"], cancellationToken: Token);
        Assert.Equal([384, 384], vectors.Select(vector => vector.ToFloats().Length));
    }

    [Fact]
    public async Task GetModel_IdWithASlash_IsFound()
    {
        Assert.Equal(ClientServers.ChatModel, (await servers.Client.GetOpenAIModelClient().GetModelAsync(ClientServers.ChatModel, Token)).Value.Id);
        Assert.Contains(ClientServers.EmbeddingModel, (await servers.Client.GetOpenAIModelClient().GetModelsAsync(Token)).Value.Select(model => model.Id));
    }

    [Theory]
    [MemberData(nameof(Faults.Refusals), MemberType = typeof(Faults))]
    public async Task CompleteChat_Refused_ThrowsTheStatus(int status)
    {
        ChatMessage[] question = [new UserChatMessage($"refuse {status}")];
        Assert.Equal(status, (await Assert.ThrowsAsync<ClientResultException>(() => Broken.CompleteChatAsync(question, cancellationToken: Token))).Status);
        Assert.Equal(status, (await Assert.ThrowsAsync<ClientResultException>(async () => await Broken.CompleteChatStreamingAsync(question, cancellationToken: Token).ToListAsync(Token))).Status);
    }

    [Fact]
    public async Task CompleteChat_WrongKey_Throws401() => await RefusedAsync(401, await servers.KeyedAsync("other"), ClientServers.ChatModel);

    [Fact]
    public async Task CompleteChat_RightKey_IsAnswered()
    {
        ChatClient chat = (await servers.KeyedAsync(ClientServers.Key)).GetChatClient(ClientServers.ChatModel);
        Assert.NotEmpty((await chat.CompleteChatAsync([new UserChatMessage("Hi")], new ChatCompletionOptions { MaxOutputTokenCount = 2 }, Token)).Value.Content);
    }

    [Fact]
    public async Task CompleteChat_BodyBeyondTheLimit_Throws413()
    {
        ChatMessage[] question = [new UserChatMessage(new string('x', 2 * ClientServers.BodyLimit))];
        ChatClient chat = (await servers.KeyedAsync(ClientServers.Key)).GetChatClient(ClientServers.ChatModel);
        Assert.Equal(413, (await Assert.ThrowsAsync<ClientResultException>(() => chat.CompleteChatAsync(question, cancellationToken: Token))).Status);
    }

    /// <summary>A server without keys, asked by a name that is not its own, as a page on the web would that has it point here.</summary>
    [Fact]
    public async Task GetModels_ForeignHost_Throws403()
    {
        var options = new RequestOptions { CancellationToken = Token };
        options.SetHeader("Host", "rebound.example");
        ClientResultException error = await Assert.ThrowsAsync<ClientResultException>(() => servers.Client.GetOpenAIModelClient().GetModelsAsync(options));
        Assert.Equal(403, error.Status);
        string body = error.GetRawResponse()!.Content.ToString();
        Assert.Contains("\"type\":\"permission_error\"", body, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"host_not_allowed\"", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/v1/chat/completions", "application/json", 405)]
    [InlineData("POST", "/v1/chat/completions", "text/plain", 415)]
    [InlineData("POST", "/v1/no-such", "application/json", 404)]
    public async Task Pipeline_WrongRequest_GivesTheStatus(string method, string path, string type, int status)
    {
        using PipelineMessage message = servers.Client.Pipeline.CreateMessage();
        message.Request.Method = method;
        message.Request.Uri = new Uri(servers.Url, path);
        message.Request.Headers.Set("Content-Type", type);
        if (method == "POST") message.Request.Content = BinaryContent.Create(BinaryData.FromString("{}"));
        await servers.Client.Pipeline.SendAsync(message);
        Assert.Equal(status, message.Response!.Status);
        Assert.Contains("\"type\":\"invalid_request_error\"", message.Response.Content.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Faults.All), MemberType = typeof(Faults))]
    public async Task CompleteChat_BrokenInMidStream_IsNeverComplete(string fault)
    {
        ChatMessage[] question = [new UserChatMessage(fault)];
        await Faults.AssertBrokenAsync(Broken.CompleteChatStreamingAsync(question, cancellationToken: Token));
        Assert.Equal(500, (await Assert.ThrowsAsync<ClientResultException>(() => Broken.CompleteChatAsync(question, cancellationToken: Token))).Status);
    }

    [Fact]
    public async Task CompleteChat_GivenUp_StopsTheWork()
    {
        int before = servers.Fault.Provider.Stopped;
        using var abort = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (StreamingChatCompletionUpdate _ in Broken.CompleteChatStreamingAsync([new UserChatMessage("go on")], cancellationToken: abort.Token)) await abort.CancelAsync();
        });
        await servers.GivenUpAsync(before);
    }

    private static ChatCompletionOptions Options(int most = 24) => new() { Seed = 11, Temperature = 0.7f, MaxOutputTokenCount = most };

    private static async Task RefusedAsync(int status, OpenAIClient client, string model)
    {
        ChatMessage[] question = [new UserChatMessage("Hi")];
        ChatClient chat = client.GetChatClient(model);
        Assert.Equal(status, (await Assert.ThrowsAsync<ClientResultException>(() => chat.CompleteChatAsync(question, cancellationToken: Token))).Status);
        Assert.Equal(status, (await Assert.ThrowsAsync<ClientResultException>(async () => await chat.CompleteChatStreamingAsync(question, cancellationToken: Token).ToListAsync(Token))).Status);
    }
}
