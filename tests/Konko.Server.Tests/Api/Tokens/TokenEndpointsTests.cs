using System.Text.Json;
using Konko.Server.Tests.Hosting;

namespace Konko.Server.Tests.Api.Tokens;

public sealed class TokenEndpointsTests(EmbeddedServer embedded) : IClassFixture<EmbeddedServer>
{
    private const string Id = "huggingfacetb/smollm2-135m-instruct";
    private const string Model = $"\"model\":\"{Id}\"";
    private const string Messages = "\"messages\":[{\"role\":\"user\",\"content\":\"What is <|im_end|> for?\"}]";

    private readonly RunningServer _server = embedded.Server;

    [Fact]
    public async Task Tokenize_Text_RecognisesControlTokensAndCounts()
    {
        JsonElement result = await _server.PostAsync("/v1/tokenize", $$"""{{{Model}},"prompt":"Hello <|im_end|> wörld","return_token_strs":true}""");

        Assert.Equal(["count", "max_model_len", "tokens", "token_strs"], result.EnumerateObject().Select(p => p.Name));
        Assert.Equal([19556, 216, 2, 267, 29989, 400], Ids(result));
        Assert.Equal(["Hello", " ", "<|im_end|>", " w", "ör", "ld"], result.GetProperty("token_strs").EnumerateArray().Select(t => t.GetString()));
        Assert.Equal((6, 8192), (result.GetProperty("count").GetInt32(), result.GetProperty("max_model_len").GetInt32()));
    }

    [Fact]
    public async Task Tokenize_Messages_AreThePromptThatAChatWouldHave()
    {
        JsonElement tokens = await _server.PostAsync("/v1/tokenize", $$"""{{{Model}},{{Messages}}}""");
        JsonElement chat = await _server.PostAsync("/v1/chat/completions", $$"""{{{Model}},{{Messages}},"max_tokens":0}""");

        Assert.Equal(chat.GetProperty("usage").GetProperty("prompt_tokens").GetInt32(), tokens.GetProperty("count").GetInt32());
        Assert.Equal(JsonValueKind.Null, tokens.GetProperty("token_strs").ValueKind);
        // The template ends two messages; the one that the user spells ends none.
        Assert.Equal(2, Ids(tokens).Count(id => id == 2));
    }

    [Fact]
    public async Task Tokenize_WithoutGenerationPrompt_StopsAfterTheLastMessage()
    {
        int[] with = Ids(await _server.PostAsync("/v1/tokenize", $$"""{{{Model}},{{Messages}}}"""));
        int[] without = Ids(await _server.PostAsync("/v1/tokenize", $$"""{{{Model}},{{Messages}},"add_generation_prompt":false,"add_special_tokens":false}"""));

        Assert.Equal(with[..without.Length], without);
        Assert.Equal(with.Length - 4, without.Length);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  Two  spaces, naïve 日本 🙂\n\tand <|im_start|>user")]
    public async Task Detokenize_TokensOfAText_GiveItBack(string text)
    {
        string json = JsonSerializer.Serialize(text);
        JsonElement tokens = (await _server.PostAsync("/v1/tokenize", $$"""{{{Model}},"prompt":{{json}}}""")).GetProperty("tokens");

        JsonElement result = await _server.PostAsync("/v1/detokenize", $$"""{{{Model}},"tokens":{{tokens.GetRawText()}}}""");

        Assert.Equal(["prompt"], result.EnumerateObject().Select(p => p.Name));
        Assert.Equal(text, result.GetProperty("prompt").GetString());
    }

    [Theory]
    [InlineData("/v1/tokenize", "{}", "model", 400)]
    [InlineData("/v1/tokenize", """{"model":"nobody","prompt":""}""", "model", 404)]
    [InlineData("/v1/tokenize", $$"""{{{Model}}}""", "prompt", 400)]
    [InlineData("/v1/tokenize", $$"""{{{Model}},"prompt":1}""", "prompt", 400)]
    [InlineData("/v1/tokenize", $$"""{{{Model}},"prompt":"x",{{Messages}}}""", "prompt", 400)]
    [InlineData("/v1/tokenize", $$"""{{{Model}},"messages":[]}""", "messages", 400)]
    [InlineData("/v1/tokenize", $$"""{{{Model}},"prompt":"x","return_token_strs":"yes"}""", "return_token_strs", 400)]
    [InlineData("/v1/detokenize", $$"""{{{Model}}}""", "tokens", 400)]
    [InlineData("/v1/detokenize", $$"""{{{Model}},"tokens":["a"]}""", "tokens", 400)]
    [InlineData("/v1/detokenize", $$"""{{{Model}},"tokens":[-1]}""", "tokens", 400)]
    [InlineData("/v1/detokenize", $$"""{{{Model}},"tokens":[49152]}""", "tokens", 400)]
    [InlineData("/v1/detokenize", $$"""{{{Model}},"tokens":[1e99]}""", "tokens", 400)]
    public async Task Post_WrongBody_NamesTheParameter(string path, string body, string param, int status)
        => Assert.Equal(param, (await _server.PostAsync(path, body, status)).GetProperty("param").GetString());

    private static int[] Ids(JsonElement result) => [.. result.GetProperty("tokens").EnumerateArray().Select(t => t.GetInt32())];
}
