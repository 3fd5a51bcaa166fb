namespace Konko.Tests.Samples;

public sealed class SampleTests
{
    public static TheoryData<int> Numbers => [.. Sample.All.Select(sample => sample.Number)];

    [Theory]
    [MemberData(nameof(Numbers))]
    public void Sample_OfTheReadme_Compiles(int number) => Assert.Empty(Sample.All[number - 1].Compile().Errors);

    [Fact]
    public void Sample_ThatIsWrong_DoesNot() => Assert.NotEmpty(new Sample(0, "Konko.KonkoClient.Nothing();").Compile().Errors);
}
