namespace Konko.Server.Generation.Tools;

/// <summary>What an event adds to a tool call.</summary>
/// <param name="Index">The call's number within its choice, from 0.</param>
/// <param name="Id">The call's id, on its first delta only.</param>
/// <param name="Name">The function's name, on its first delta only.</param>
/// <param name="Arguments">The piece of the arguments' JSON; empty on the first delta.</param>
public sealed record ToolCallDelta(int Index, string? Id, string? Name, string Arguments);
