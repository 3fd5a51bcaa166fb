namespace Konko.Engine.Kernels;

/// <summary>Number of tokens of a kernel's tile, as a constant the JIT folds.</summary>
internal interface ITile
{
    /// <summary>1, 2, 3, 4, 6 or 8.</summary>
    static abstract int Tokens { get; }
}

internal readonly struct Tile1 : ITile
{
    public static int Tokens => 1;
}

internal readonly struct Tile2 : ITile
{
    public static int Tokens => 2;
}

internal readonly struct Tile3 : ITile
{
    public static int Tokens => 3;
}

internal readonly struct Tile4 : ITile
{
    public static int Tokens => 4;
}

internal readonly struct Tile6 : ITile
{
    public static int Tokens => 6;
}

internal readonly struct Tile8 : ITile
{
    public static int Tokens => 8;
}

/// <summary>A choice between two variants of a kernel, as a constant the JIT folds.</summary>
internal interface IFlag
{
    /// <summary>The choice.</summary>
    static abstract bool Value { get; }
}

internal readonly struct Yes : IFlag
{
    public static bool Value => true;
}

internal readonly struct No : IFlag
{
    public static bool Value => false;
}
