#!/usr/bin/env python3
"""使い方 / usage: python3 run.py COMMAND

  demo            サービス全体をこのマシンで起動します
                  the whole service on this machine, with fictional people (PORT=8000)
  manage COMMAND  起動中のデモに対して Django の管理コマンドを実行します
                  a command of Django's on the running demo, such as disable_account NAME
  test [ARGS…]    実際のサーバーに対してテストを実行します
                  the tests against real servers; arguments go to pytest
  moments [ARGS…] 時計を動かし、深夜、閏日、年末年始などにテストを実行します
                  the clock-bound tests at night, on leap day, at New Year (ONLY=02:30,29-feb)
  backup FOLDER   起動中のデモのデータとファイルを保存します
                  save the data and the files of the running demo
  restore FOLDER  デモのデータを保存した時点に戻します(送信は停止したままになります)
                  bring them back; nothing is sent until `manage sending release`
  check           リンター、型、依存関係、移行、API スキーマを検査します
                  linters, types, import contracts, migrations, the API's schema
  messages        表示する文を集め、日本語訳をまとめます
                  gather what the code says to people, compile its Japanese
  diagrams        状態遷移図とデータモデルの図を描き直します
                  draw the diagrams of states and data model in docs/ anew
  screenshots     すべての画面の画像を .carenet/screenshots に作ります(Chromium が必要)
                  a picture of every page in both languages (needs Chromium; `docs`: for the README too)
  bench           見守りと画面の処理を測定します(数分かかります)
                  how fast the watch-over and the pages are, in minutes (SCALE=0.01 for a try, JSON=path)
  storm           サービスの各部分を壊しながら動かし、失われたものがないか数えます(十分ほどかかります)
                  break each part of a service at work, count what is lost (SECONDS=600, ONLY=hung)
  upgrade         以前の版を動かしたまま移行し、失敗した要求がないか数えます(FROM=REVISION)
                  migrate a database of the last release while it serves, count failed requests
  faults          一行の誤りを植え、テストが見つけるか調べます(数時間かかります)
                  plant faults of one line, tell which the suite finds (SEED=1, COUNT=60, FROM=FOLDER)
  lock [ARGS…]    依存パッケージの一覧を計算し直します
                  compute the requirement files anew; arguments go to `uv pip compile`
  clean           デモのデータ、パスワード、ログを削除します
                  forget the demo: its data, its passwords, its logs

Python 3.11 のほかに必要なものはありません。残りは .venv にインストールされます。
Needs Python 3.11 and nothing else: the rest is installed into .venv from hashed requirements.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - said before anything newer is parsed
    sys.exit("Python 3.11 以上が必要です。 / Python 3.11 or newer is needed, not " + sys.version)

from launch.commands import main

if __name__ == "__main__":
    main(sys.argv[1:], usage=__doc__ or "")
