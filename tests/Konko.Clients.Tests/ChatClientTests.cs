using System.ClientModel;
using System.ComponentModel;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Konko.Clients.Tests;

/// <summary>The client of Microsoft.Extensions.AI, over chat completions and over responses.</summary>
public sealed class ChatClientTests(ClientServers servers) : IClassFixture<ClientServers>
{
    private const string Short = "What is 2+2?";

    private const string Question = "Name three colours of the rainbow.";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task GetResponse_StreamedOrWhole_SaysTheSame(bool responses)
    {
        using IChatClient client = Client(responses);
        ChatOptions options = Options(200);
        ChatResponse whole = await client.GetResponseAsync(Short, options, Token);
        ChatResponse streamed = (await client.GetStreamingResponseAsync(Short, options, Token).ToListAsync(Token)).ToChatResponse();
        Assert.NotEmpty(whole.Text);
        Assert.Equal(whole.Text, streamed.Text);
        Assert.Equal(ChatFinishReason.Stop, streamed.FinishReason);
        // Of a whole response that client tells no reason.
        if (!responses) Assert.Equal(ChatFinishReason.Stop, whole.FinishReason);
        Assert.Equal(whole.Usage!.OutputTokenCount, streamed.Usage!.OutputTokenCount);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task GetResponse_ToolRequired_IsInvokedWithWhatItsSchemaSays(bool responses)
    {
        using IChatClient client = Client(responses);
        AIFunction weather = AIFunctionFactory.Create(([Description("The city.")] string city, bool celsius) => $"{city} {celsius}", "get_weather");
        ChatOptions options = Options(100);
        (options.Tools, options.ToolMode) = ([weather], ChatToolMode.RequireAny);
        ChatResponse whole = await client.GetResponseAsync(Question, options, Token);
        FunctionCallContent call = Assert.Single(whole.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>());
        ChatResponse streamed = (await client.GetStreamingResponseAsync(Question, options, Token).ToListAsync(Token)).ToChatResponse();
        FunctionCallContent again = Assert.Single(streamed.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>());
        Assert.Equal(call.Arguments!["city"]!.ToString(), again.Arguments!["city"]!.ToString());

        object? result = await weather.InvokeAsync(new AIFunctionArguments(call.Arguments), Token);
        Assert.Matches("(True|False)$", result!.ToString());
        options.ToolMode = ChatToolMode.None;
        ChatResponse answer = await client.GetResponseAsync([new ChatMessage(ChatRole.User, Question), .. whole.Messages, new ChatMessage(ChatRole.Tool, [new FunctionResultContent(call.CallId, result)])], options, Token);
        Assert.NotEmpty(answer.Text);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task GetResponse_OfAType_IsOfThatType(bool responses)
    {
        using IChatClient client = Client(responses);
        ChatOptions options = Options(100);
        options.ResponseFormat = ChatResponseFormat.ForJsonSchema<Answer>();
        ChatResponse answer = await client.GetResponseAsync(Question, options, Token);
        using var json = JsonDocument.Parse(answer.Text);
        Assert.Equal(["count", "ok"], json.RootElement.EnumerateObject().Select(member => member.Name.ToLowerInvariant()).Order());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task GetResponse_Refused_ThrowsTheStatus(bool responses)
    {
        using IChatClient client = Client(responses, broken: true);
        foreach (int status in Faults.Refusals.Select(row => row.Data))
            Assert.Equal(status, (await Assert.ThrowsAsync<ClientResultException>(() => client.GetResponseAsync($"refuse {status}", cancellationToken: Token))).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task GetStreamingResponse_BrokenInMidStream_IsNeverComplete(bool responses)
    {
        using IChatClient client = Client(responses, broken: true);
        foreach (string fault in Faults.All.Select(row => row.Data))
        {
            await Faults.AssertBrokenAsync(client.GetStreamingResponseAsync(fault, cancellationToken: Token));
            Assert.Equal(500, (await Assert.ThrowsAsync<ClientResultException>(() => client.GetResponseAsync(fault, cancellationToken: Token))).Status);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task GetStreamingResponse_GivenUp_StopsTheWork(bool responses)
    {
        using IChatClient client = Client(responses, broken: true);
        int before = servers.Fault.Provider.Stopped;
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync("go on", cancellationToken: Token))
        {
            if (update.Text.Length > 0) break;
        }

        await servers.GivenUpAsync(before);
    }

    [Fact]
    public async Task Generate_TwoTexts_AreTwoVectors()
    {
        using IEmbeddingGenerator<string, Embedding<float>> generator = servers.Client.GetEmbeddingClient(ClientServers.EmbeddingModel).AsIEmbeddingGenerator();
        Assert.Equal([384, 384], (await generator.GenerateAsync(["one", "two words"], cancellationToken: Token)).Select(vector => vector.Vector.Length));
    }

    // The best token every time: responses know no seed there.
    private static ChatOptions Options(int most) => new() { Temperature = 0, MaxOutputTokens = most };

    private IChatClient Client(bool responses, bool broken = false)
    {
        string model = broken ? FaultHost.FaultServer.Model : ClientServers.ChatModel;
        return responses ? servers.Responses(broken).AsIChatClient(model) : (broken ? servers.Broken : servers.Client).GetChatClient(model).AsIChatClient();
    }

    private sealed record Answer(bool Ok, int Count);
}
