using System.CommandLine;
using System.Text.Json.Nodes;
using Konko.Cli.Parameters;
using Konko.Cli.Running;

namespace Konko.Cli.Tests.Parameters;

public sealed class RequestParameterTests
{
    [Theory]
    [InlineData("temperature", "0.5", "0.5")]
    [InlineData("max_tokens", "12", "12")]
    [InlineData("seed", "-9007199254740993", "-9007199254740993")]
    [InlineData("stop", "a b", "[\"a b\"]")]
    [InlineData("stop", "\"\\n\\n\"", "[\"\\n\\n\"]")]
    [InlineData("logit_bias", "5=-100,7=2.5", "{\"5\":-100,\"7\":2.5}")]
    [InlineData("reasoning_effort", "low", "\"low\"")]
    public void Parse_Value_IsWhatIsSent(string name, string text, string expected) =>
        Assert.Equal(expected, RequestParameters.Find(name, ParameterScope.Chat)!.Parse([text], name).ToJsonString());

    [Theory]
    [InlineData("temperature", "warm", "--t must be a number, not 'warm'.")]
    [InlineData("temperature", "NaN", "--t must be a number, not 'NaN'.")]
    [InlineData("temperature", "0,5", "--t must be a number, not '0,5'.")]
    [InlineData("max_tokens", "1.5", "--t must be a whole number, not '1.5'.")]
    [InlineData("logit_bias", "x=1", "--t must be ID=BIAS, such as 1234=-100, not 'x=1'.")]
    [InlineData("logit_bias", "5", "--t must be ID=BIAS, such as 1234=-100, not '5'.")]
    public void Parse_WrongKind_NamesTheFlag(string name, string text, string expected) =>
        Assert.Equal(expected, Assert.Throws<UsageException>(() => RequestParameters.Find(name, ParameterScope.Chat)!.Parse([text], "--t")).Message);

    [Theory]
    [InlineData("top-k", true)]
    [InlineData("--top-k", true)]
    [InlineData("top_k", true)]
    [InlineData("suffix", false)]
    [InlineData("nonsense", false)]
    public void Find_NameInChats_IsFoundInBothSpellings(string name, bool found) => Assert.Equal(found, RequestParameters.Find(name, ParameterScope.Chat) is not null);

    [Fact]
    public void Read_Flags_AreTheFieldsOfTheRequest()
    {
        JsonObject fields = Read("-n", "5", "-t", "0", "--stop", "a", "--stop", "b", "--echo", "--param", "ignore_eos=true", "--param", "user=me", "--param", "x={\"y\":[1]}");

        Assert.Equal("""{"max_tokens":5,"temperature":0,"stop":["a","b"],"echo":true,"ignore_eos":true,"user":"me","x":{"y":[1]}}""", fields.ToJsonString());
    }

    [Theory]
    [InlineData("stream=false", "--param cannot set stream.")]
    [InlineData("=1", "--param must be NAME=VALUE, not '=1'.")]
    [InlineData("x", "--param must be NAME=VALUE, not 'x'.")]
    public void Read_WrongField_IsRefused(string param, string expected) => Assert.Equal(expected, Assert.Throws<UsageException>(() => Read("--param", param)).Message);

    private static JsonObject Read(params string[] arguments)
    {
        var command = new Command("test");
        var flags = new ParameterFlags(command, ParameterScope.Text);
        ParseResult result = command.Parse(arguments);
        Assert.Empty(result.Errors);
        return flags.Read(result);
    }
}
