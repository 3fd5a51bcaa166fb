namespace Konko.House.Tests.Rooms;

public sealed class AssemblyTests
{
    // The engine's results may not hang on the C library, on the vector width, or on the runtime's Unicode tables.
    private static readonly string[] InexactMath =
        ["Acos", "Acosh", "Asin", "Asinh", "Atan", "Atan2", "Atanh", "Cbrt", "Cos", "Cosh", "CosPi", "Exp", "Exp10", "Exp2", "ExpM1", "Hypot", "Log",
         "Log10", "Log10P1", "Log2P1", "LogP1", "Pow", "RootN", "Sin", "SinCos", "SinCosPi", "Sinh", "SinPi", "Tan", "Tanh", "TanPi"];

    private static readonly string[] Numbers =
        ["System.Math.", "System.MathF.", "System.Single.", "System.Double.", "System.Half.", "System.Numerics.Tensors.", "System.Numerics.Vector", "System.Numerics.I", "System.Runtime.Intrinsics."];

    private static readonly string[] UnicodeOfTheRuntime =
        ["System.Globalization.CharUnicodeInfo.", "System.Char.IsLetter", "System.Char.IsDigit", "System.Char.IsNumber", "System.Char.IsUpper",
         "System.Char.IsLower", "System.Char.IsPunctuation", "System.Char.IsSymbol", "System.Char.GetUnicodeCategory", "System.Char.ToUpper",
         "System.Char.ToLower", "System.String.ToUpper", "System.String.ToLower", "System.String.Normalize", "System.String.IsNormalized",
         "System.Text.Rune.IsLetter", "System.Text.Rune.IsDigit", "System.Text.Rune.IsNumber", "System.Text.Rune.IsUpper", "System.Text.Rune.IsLower",
         "System.Text.Rune.IsPunctuation", "System.Text.Rune.IsSymbol", "System.Text.Rune.IsWhiteSpace", "System.Text.Rune.GetUnicodeCategory",
         "System.Text.Rune.ToUpper", "System.Text.Rune.ToLower"];

    private static readonly string[] Clocks =
        ["System.DateTime.get_Now", "System.DateTime.get_UtcNow", "System.DateTimeOffset.get_Now", "System.DateTimeOffset.get_UtcNow",
         "System.Environment.get_TickCount", "System.Threading.Thread.Sleep"];

    public static TheoryData<string> Rooms => [.. Project.All.Where(project => project.Folder.StartsWith("src/", StringComparison.Ordinal)).Select(project => project.Name)];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Assembly_TypesItUses_AreNoneItsRoomForbids(string name)
    {
        Room room = Room.Table.Single(candidate => candidate.Project == name);
        House.Allows(BuiltAssembly.Read(name).Types.Where(type => room.Forbids(BuiltAssembly.NamespaceOf(type))));
    }

    [Fact]
    public void Engine_MembersItUses_GiveTheSameBitsOnEveryMachine()
    {
        BuiltAssembly engine = BuiltAssembly.Read("Konko.Engine");
        House.Allows(engine.Members.Where(member => IsInexact(member) || StartsWithAny(member, UnicodeOfTheRuntime)));
        // A sum of integers is the same in any order; one of floats is not.
        House.Allows(engine.MembersOfFloats.Where(member => StartsWithAny(member, Numbers) && (member.EndsWith(".Sum", StringComparison.Ordinal) || member.EndsWith(".Dot", StringComparison.Ordinal))));
        Assert.DoesNotContain("System.Random", engine.Types);
    }

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Assembly_Clocks_AreTimeProviders(string name) =>
        House.Allows(BuiltAssembly.Read(name).Members.Where(member => StartsWithAny(member, Clocks)));

    private static bool IsInexact(string member)
    {
        string name = member[(member.LastIndexOf('.') + 1)..];
        return StartsWithAny(member, Numbers) && (InexactMath.Contains(name) || name.EndsWith("Estimate", StringComparison.Ordinal));
    }

    private static bool StartsWithAny(string member, string[] starts) => starts.Any(start => member.StartsWith(start, StringComparison.Ordinal));
}
